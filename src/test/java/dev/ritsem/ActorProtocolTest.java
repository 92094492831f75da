package dev.ritsem;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Optional;

/**
 * Java 17 does not check that an actor handles each message of its protocol. Two checks together
 * do: each message {@code Name} of an actor's sealed {@code Command} has a method {@code onName}
 * (here), and a private method that is written but not registered is unused, which the compiler
 * reports.
 */
@AnalyzeClasses(packages = "dev.ritsem", importOptions = ImportOption.DoNotIncludeTests.class)
class ActorProtocolTest {
  private static final String PROTOCOL = "Command";

  private static final DescribedPredicate<JavaClass> ARE_ACTORS =
      DescribedPredicate.describe("are actors", ActorProtocolTest::isActor);

  @ArchTest
  static final ArchRule every_message_of_a_protocol_is_a_record_and_has_a_handler =
      ArchRuleDefinition.classes()
          .that(ARE_ACTORS)
          .should(haveAHandlerForEachMessage())
          .allowEmptyShould(true);

  @ArchTest
  static void the_rule_sees_the_actors(JavaClasses all) {
    List<String> actors =
        all.stream().filter(ActorProtocolTest::isActor).map(JavaClass::getSimpleName).toList();
    assertThat(actors).contains("PartitionLog", "PartitionReplica", "ReplicaSupervisor");
  }

  private static boolean isActor(JavaClass type) {
    boolean behaves =
        type.getAllRawSuperclasses().stream()
            .anyMatch(parent -> parent.getPackageName().startsWith("akka."));
    return behaves
        && !type.getModifiers().contains(JavaModifier.ABSTRACT)
        && protocol(type) != null;
  }

  private static Optional<JavaClass> protocol(JavaClass actor) {
    String name = actor.getName() + "$" + PROTOCOL;
    return actor.getAllInvolvedRawTypes().stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .map(dependency -> dependency.getTargetClass())
        .filter(type -> type.getName().equals(name))
        .findFirst();
  }

  private static ArchCondition<JavaClass> haveAHandlerForEachMessage() {
    return new ArchCondition<>("have a record and a method on<Name> for each message") {
      @Override
      public void check(JavaClass actor, ConditionEvents events) {
        List<String> methods = actor.getMethods().stream().map(JavaMethod::getName).toList();
        protocol(actor).stream()
            .flatMap(protocol -> protocol.getAllSubclasses().stream())
            .forEach(
                message -> {
                  String handler = "on" + message.getSimpleName();
                  events.add(
                      new SimpleConditionEvent(
                          message,
                          message.isRecord() && methods.contains(handler),
                          "%s handles %s in %s"
                              .formatted(actor.getSimpleName(), message.getSimpleName(), handler)));
                });
      }
    };
  }
}
