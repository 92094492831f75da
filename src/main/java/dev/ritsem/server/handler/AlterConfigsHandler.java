package dev.ritsem.server.handler;

import dev.ritsem.metadata.controller.ConfigAlteration.ConfigOperation;
import dev.ritsem.metadata.controller.ConfigAlteration.OperationType;
import dev.ritsem.metadata.controller.Controller;
import dev.ritsem.model.BrokerId;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import dev.ritsem.server.handler.ConfigChanges.Change;
import dev.ritsem.server.handler.ConfigChanges.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Replaces all configs of a resource at once: what is not named goes back to the broker's value.
 * Superseded by IncrementalAlterConfigs, but some tools still use it. Versions 0 to 2, which differ
 * in their encoding alone.
 */
public final class AlterConfigsHandler implements RequestHandler<AlterConfigsRequestData> {
  private final ConfigChanges changes;

  public AlterConfigsHandler(BrokerId self, Controller controller) {
    this.changes = new ConfigChanges(self, controller);
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ALTER_CONFIGS;
  }

  @Override
  public void handle(AlterConfigsRequestData request, RequestContext context, Reply reply) {
    List<Change> asked = request.resources().stream().map(AlterConfigsHandler::change).toList();
    Answers.sendWhenDone(
        changes.alter(asked, request.validateOnly()),
        AlterConfigsHandler::answer,
        refusal -> answer(ConfigChanges.refuseAll(asked, refusal)),
        reply);
  }

  private static Change change(AlterConfigsResource resource) {
    List<ConfigOperation> operations =
        resource.configs().stream()
            .map(config -> new ConfigOperation(config.name(), OperationType.SET, config.value()))
            .toList();
    return new Change(resource.resourceType(), resource.resourceName(), operations, true, null);
  }

  private static AlterConfigsResponseData answer(List<Outcome> outcomes) {
    List<AlterConfigsResourceResponse> responses = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      responses.add(
          new AlterConfigsResourceResponse()
              .setResourceType(outcome.change().type())
              .setResourceName(outcome.change().name())
              .setErrorCode(outcome.error().code())
              .setErrorMessage(outcome.message()));
    }
    return new AlterConfigsResponseData().setResponses(responses);
  }
}
