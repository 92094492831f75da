package dev.ritsem.server.handler;

import dev.ritsem.metadata.controller.ConfigAlteration;
import dev.ritsem.metadata.controller.ConfigAlteration.ConfigOperation;
import dev.ritsem.metadata.controller.Controller;
import dev.ritsem.metadata.controller.TopicResult;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * Changes of configs of any kind of resource: those of topics go to the controller, all in one
 * request; what cannot be changed at run time is refused here. Shared by the two APIs for it.
 */
final class ConfigChanges {
  private final BrokerId self;
  private final Controller controller;

  ConfigChanges(BrokerId self, Controller controller) {
    this.self = self;
    this.controller = controller;
  }

  /**
   * A resource and what shall become of it.
   *
   * @param type a number that a client gave: perhaps of no kind of resource
   * @param replaceAll whether what the operations do not name goes back to the broker's value
   * @param refusal why it can already be refused, or null
   */
  record Change(
      byte type,
      String name,
      List<ConfigOperation> operations,
      boolean replaceAll,
      @Nullable Refusal refusal) {}

  /** What became of the resource at the same place in the request. */
  record Outcome(Change change, ErrorCode error, @Nullable String message) {
    static Outcome of(Change change, TopicResult result) {
      return new Outcome(change, result.error(), result.message());
    }

    static Outcome refused(Change change, Refusal refusal) {
      return new Outcome(change, refusal.error(), refusal.message());
    }
  }

  /** One outcome per change, in their order; fails if the controller refuses the whole request. */
  CompletionStage<List<Outcome>> alter(List<Change> changes, boolean validateOnly) {
    List<Optional<Outcome>> known = changes.stream().map(this::refusal).toList();
    List<ConfigAlteration> alterations = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      if (known.get(i).isEmpty()) {
        Change change = changes.get(i);
        alterations.add(
            new ConfigAlteration(change.name(), change.operations(), change.replaceAll()));
      }
    }
    return ask(alterations, validateOnly).thenApply(results -> outcomes(changes, known, results));
  }

  static List<Outcome> refuseAll(List<Change> changes, Refusal refusal) {
    return changes.stream().map(change -> Outcome.refused(change, refusal)).toList();
  }

  private static List<Outcome> outcomes(
      List<Change> changes, List<Optional<Outcome>> known, List<TopicResult> results) {
    Iterator<TopicResult> next = results.iterator();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      outcomes.add(known.get(i).orElseGet(() -> Outcome.of(change, next.next())));
    }
    return outcomes;
  }

  private Optional<Outcome> refusal(Change change) {
    Refusal known = change.refusal();
    if (known != null) {
      return Optional.of(Outcome.refused(change, known));
    }
    try {
      checkKind(change);
      return Optional.empty();
    } catch (WireException e) {
      return Optional.of(Outcome.refused(change, new Refusal(e.error(), e.getMessage())));
    }
  }

  private CompletionStage<List<TopicResult>> ask(
      List<ConfigAlteration> alterations, boolean validateOnly) {
    return alterations.isEmpty()
        ? CompletableFuture.completedFuture(List.of())
        : controller.alterTopicConfigs(alterations, validateOnly);
  }

  private void checkKind(Change change) {
    ConfigResource.Type type = ConfigResource.Type.forId(change.type());
    switch (type) {
      case TOPIC -> {
        // The controller knows everything about these.
      }
      case BROKER -> refuseBroker(change);
      default ->
          throw new WireException(
              ErrorCode.INVALID_REQUEST, "Unknown resource type " + change.type());
    }
  }

  private void refuseBroker(Change change) {
    if (!change.name().isEmpty()) {
      checkBroker(change.name());
    }
    List<String> keys = change.operations().stream().map(ConfigOperation::key).toList();
    throw new WireException(
        ErrorCode.INVALID_REQUEST, "Cannot update these configs dynamically: " + keys);
  }

  private void checkBroker(String name) {
    int id;
    try {
      id = Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new WireException(
          ErrorCode.INVALID_REQUEST, "Node id must be an integer, but it is: " + name);
    }
    if (id != self.value()) {
      throw new WireException(
          ErrorCode.INVALID_REQUEST,
          "Unexpected broker id, expected %s, but received %s".formatted(self, name));
    }
  }
}
