package dev.ritsem.server.handler;

import dev.ritsem.metadata.controller.ConfigAlteration.ConfigOperation;
import dev.ritsem.metadata.controller.ConfigAlteration.OperationType;
import dev.ritsem.metadata.controller.Controller;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import dev.ritsem.server.handler.ConfigChanges.Change;
import dev.ritsem.server.handler.ConfigChanges.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/** Changes single configs (KIP-339). Versions 0 and 1, which differ in their encoding alone. */
public final class IncrementalAlterConfigsHandler
    implements RequestHandler<IncrementalAlterConfigsRequestData> {
  /** By their numbers on the wire. */
  private static final List<OperationType> OPERATIONS =
      List.of(
          OperationType.SET, OperationType.DELETE, OperationType.APPEND, OperationType.SUBTRACT);

  private final ConfigChanges changes;

  public IncrementalAlterConfigsHandler(BrokerId self, Controller controller) {
    this.changes = new ConfigChanges(self, controller);
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
  }

  @Override
  public void handle(
      IncrementalAlterConfigsRequestData request, RequestContext context, Reply reply) {
    List<Change> asked =
        request.resources().stream().map(IncrementalAlterConfigsHandler::change).toList();
    Answers.sendWhenDone(
        changes.alter(asked, request.validateOnly()),
        IncrementalAlterConfigsHandler::answer,
        refusal -> answer(ConfigChanges.refuseAll(asked, refusal)),
        reply);
  }

  private static Change change(AlterConfigsResource resource) {
    List<ConfigOperation> operations = new ArrayList<>();
    Refusal refusal = null;
    for (AlterableConfig config : resource.configs()) {
      int code = config.configOperation();
      if (code < 0 || code >= OPERATIONS.size()) {
        refusal = new Refusal(ErrorCode.INVALID_REQUEST, "Unknown config operation type " + code);
      } else {
        operations.add(new ConfigOperation(config.name(), OPERATIONS.get(code), config.value()));
      }
    }
    return new Change(resource.resourceType(), resource.resourceName(), operations, false, refusal);
  }

  private static IncrementalAlterConfigsResponseData answer(List<Outcome> outcomes) {
    List<AlterConfigsResourceResponse> responses = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      responses.add(
          new AlterConfigsResourceResponse()
              .setResourceType(outcome.change().type())
              .setResourceName(outcome.change().name())
              .setErrorCode(outcome.error().code())
              .setErrorMessage(outcome.message()));
    }
    return new IncrementalAlterConfigsResponseData().setResponses(responses);
  }
}
