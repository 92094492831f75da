package dev.ritsem.server.handler;

import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.protocol.ApiVersionTable;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Tells what this node serves. Versions 0 to 5: from 3 on clients name their software (KIP-511) and
 * get the finalised features (KIP-584); from 5 on they can say whom they mean to have reached
 * (KIP-1242).
 *
 * <p>A feature is only named here if it is finalised in the cluster's image: clients use what is
 * named.
 */
public final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequestData> {
  private static final Pattern SOFTWARE =
      Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");
  private static final short FIRST_VERSION_WITH_SOFTWARE = 3;

  private final ApiVersionTable versions;
  private final ImagePublisher images;
  private final BrokerId self;

  /**
   * @param served the APIs that have a handler; this one need not be among them
   */
  public ApiVersionsHandler(Collection<ApiKeys> served, ImagePublisher images, BrokerId self) {
    Set<ApiKeys> all = EnumSet.of(ApiKeys.API_VERSIONS);
    all.addAll(served);
    this.versions = ApiVersionTable.of(all);
    this.images = images;
    this.self = self;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.API_VERSIONS;
  }

  @Override
  public void handle(ApiVersionsRequestData request, RequestContext context, Reply reply) {
    ClusterImage image = images.current();
    if (context.versionUnsupported()) {
      reply.send(
          failed(ErrorCode.UNSUPPORTED_VERSION).setApiKeys(ownVersionsOnly(versions.advertised())));
    } else if (context.version() >= FIRST_VERSION_WITH_SOFTWARE && !namesSoftware(request)) {
      reply.send(failed(ErrorCode.INVALID_REQUEST));
    } else if (meansAnother(request, image)) {
      reply.send(failed(ErrorCode.REBOOTSTRAP_REQUIRED));
    } else {
      reply.send(answer(image));
    }
  }

  private ApiVersionsResponseData answer(ClusterImage image) {
    ApiVersionsResponseData response =
        new ApiVersionsResponseData()
            .setApiKeys(versions.advertised())
            .setFinalizedFeaturesEpoch(image.version());
    image
        .features()
        .finalized()
        .forEach(
            (name, level) ->
                response
                    .finalizedFeatures()
                    .add(
                        new FinalizedFeatureKey()
                            .setName(name)
                            .setMinVersionLevel(level)
                            .setMaxVersionLevel(level)));
    return response;
  }

  /** What a client needs in order to ask again (KIP-511). */
  private static ApiVersionCollection ownVersionsOnly(ApiVersionCollection all) {
    ApiVersionCollection own = new ApiVersionCollection();
    own.add(all.find(ApiKeys.API_VERSIONS.id).duplicate());
    return own;
  }

  private static boolean namesSoftware(ApiVersionsRequestData request) {
    return SOFTWARE.matcher(request.clientSoftwareName()).matches()
        && SOFTWARE.matcher(request.clientSoftwareVersion()).matches();
  }

  private boolean meansAnother(ApiVersionsRequestData request, ClusterImage image) {
    boolean otherCluster =
        request.clusterId() != null
            && image.isFormatted()
            && !request.clusterId().equals(image.clusterId());
    return otherCluster || (request.nodeId() >= 0 && request.nodeId() != self.value());
  }

  private static ApiVersionsResponseData failed(ErrorCode error) {
    return new ApiVersionsResponseData().setErrorCode(error.code());
  }
}
