package dev.ritsem.server.handler;

import dev.ritsem.metadata.controller.TopicNames;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import dev.ritsem.server.handler.ConfigDescriptions.Described;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Describes the configs of topics and of this broker, all or those that are named. Versions 1 to 4:
 * synonyms on request (KIP-226), from 3 on types and, on request, documentation (KIP-569).
 */
public final class DescribeConfigsHandler implements RequestHandler<DescribeConfigsRequestData> {
  /** Each resource makes some kilobytes of answer out of a few bytes of request. */
  static final int RESOURCES_MAX = 10_000;

  private final BrokerId self;
  private final ImagePublisher images;
  private final ConfigDescriptions descriptions;

  public DescribeConfigsHandler(
      BrokerId self, ImagePublisher images, ConfigDescriptions descriptions) {
    this.self = self;
    this.images = images;
    this.descriptions = descriptions;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_CONFIGS;
  }

  @Override
  public void handle(DescribeConfigsRequestData request, RequestContext context, Reply reply) {
    List<DescribeConfigsResult> results = new ArrayList<>();
    for (DescribeConfigsResource resource : request.resources()) {
      results.add(describe(resource, request));
    }
    reply.send(new DescribeConfigsResponseData().setResults(results));
  }

  private DescribeConfigsResult describe(
      DescribeConfigsResource resource, DescribeConfigsRequestData request) {
    DescribeConfigsResult result =
        new DescribeConfigsResult()
            .setResourceType(resource.resourceType())
            .setResourceName(resource.resourceName());
    try {
      List<String> keys = resource.configurationKeys();
      Set<String> wanted = keys == null ? Set.of() : new HashSet<>(keys);
      return result.setConfigs(
          configs(resource, request).stream()
              .filter(config -> wanted.isEmpty() || wanted.contains(config.name()))
              .map(config -> entry(config, request))
              .toList());
    } catch (WireException refused) {
      return result
          .setErrorCode(refused.error().code())
          .setErrorMessage(refused.getMessage())
          .setConfigs(List.of());
    }
  }

  private List<Described> configs(
      DescribeConfigsResource resource, DescribeConfigsRequestData request) {
    if (request.resources().size() > RESOURCES_MAX) {
      throw new WireException(
          ErrorCode.POLICY_VIOLATION,
          "More than %d resources in one request.".formatted(RESOURCES_MAX));
    }
    ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
    return switch (type) {
      case TOPIC -> topic(resource.resourceName());
      case BROKER -> broker(resource.resourceName());
      default ->
          throw new WireException(ErrorCode.INVALID_REQUEST, "Unsupported resource type: " + type);
    };
  }

  private List<Described> topic(String name) {
    TopicNames.validate(name);
    TopicImage topic = images.current().topics().find(name);
    if (topic == null) {
      throw new WireException(
          ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition.");
    }
    return descriptions.topic(topic.configs());
  }

  /** An empty name stands for the defaults of all brokers that were set at run time: none can. */
  private List<Described> broker(String name) {
    if (name.isEmpty()) {
      return List.of();
    }
    requireSelf(name);
    return descriptions.broker();
  }

  private void requireSelf(String name) {
    int id;
    try {
      id = Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new WireException(
          ErrorCode.INVALID_REQUEST, "Broker id must be an integer, but it is: " + name);
    }
    if (id != self.value()) {
      throw new WireException(
          ErrorCode.INVALID_REQUEST,
          "Unexpected broker id, expected %s or empty string, but received %s"
              .formatted(self, name));
    }
  }

  private static DescribeConfigsResourceResult entry(
      Described config, DescribeConfigsRequestData request) {
    DescribeConfigsResourceResult entry =
        new DescribeConfigsResourceResult()
            .setName(config.name())
            .setValue(config.value())
            .setReadOnly(config.readOnly())
            .setConfigSource(config.source().id())
            .setIsSensitive(config.sensitive())
            .setConfigType(config.type().id())
            .setDocumentation(request.includeDocumentation() ? config.documentation() : null);
    if (request.includeSynonyms()) {
      entry.setSynonyms(
          config.synonyms().stream()
              .map(
                  synonym ->
                      new DescribeConfigsSynonym()
                          .setName(synonym.name())
                          .setValue(synonym.value())
                          .setSource(synonym.source().id()))
              .toList());
    }
    return entry;
  }
}
