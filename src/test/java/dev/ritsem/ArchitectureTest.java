package dev.ritsem;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The house's plan as a test: which package may use which, which library stays behind which door,
 * and where time, chance and the console may be touched. docs/architecture.md has the same table
 * with the reasons.
 */
@AnalyzeClasses(packages = "dev.ritsem", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] AKKA = {"akka.."};

  /** Each package and those that it may use, besides itself, the JDK and libraries. */
  private static final Map<String, List<String>> MAY_USE =
      Map.of(
          "model", List.of(),
          "config", List.of("model"),
          "record", List.of("model"),
          "protocol", List.of("model", "record"),
          "log", List.of("model", "config", "record"),
          "metadata", List.of("model", "config", "record", "log"),
          "replication", List.of("model", "config", "record", "log", "metadata"),
          "server",
              List.of("model", "config", "record", "protocol", "log", "metadata", "replication"),
          "client", List.of("model", "config", "record", "protocol"),
          "app",
              List.of(
                  "model",
                  "config",
                  "record",
                  "protocol",
                  "log",
                  "metadata",
                  "replication",
                  "server",
                  "client"));

  @ArchTest
  static void every_package_uses_only_those_below_it(JavaClasses all) {
    MAY_USE.forEach(
        (name, allowed) -> {
          String[] open =
              Stream.concat(Stream.of(name), allowed.stream())
                  .map(ArchitectureTest::inside)
                  .toArray(String[]::new);
          noClasses()
              .that(resideInAPackage(inside(name)))
              .should(
                  dependOnClassesThat(
                      resideInAPackage("dev.ritsem..").and(resideOutsideOfPackages(open))))
              .as("package " + name + " uses only " + allowed)
              .allowEmptyShould(true)
              .check(all);
        });
  }

  @ArchTest
  static void every_class_stands_in_a_package_of_the_table(JavaClasses all) {
    assertThat(all.stream().map(JavaClass::getPackageName))
        .allSatisfy(
            name ->
                assertThat(MAY_USE.keySet())
                    .anyMatch(known -> (name + ".").startsWith("dev.ritsem." + known + ".")));
    assertThat(all).as("the rules see the project").hasSizeGreaterThan(10);
  }

  @ArchTest
  static final ArchRule akka_stays_out_of_the_lower_packages_and_the_cores =
      noClasses()
          .that()
          .resideInAnyPackage(
              inside("model"),
              inside("config"),
              inside("record"),
              inside("protocol"),
              inside("log"),
              "dev.ritsem.metadata.image..")
          .or()
          .haveSimpleNameEndingWith("Core")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(AKKA)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule kafka_clients_stays_behind_record_protocol_handlers_and_client =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              inside("record"),
              inside("protocol"),
              inside("server"),
              inside("client"),
              inside("app"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule netty_stays_behind_the_sockets =
      noClasses()
          .that()
          .resideOutsideOfPackages(inside("server"), inside("client"), inside("app"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule time_and_chance_are_handed_in =
      noClasses()
          .that()
          .resideOutsideOfPackage(inside("app"))
          .and()
          .doNotHaveSimpleName("SystemClock")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(java.util.UUID.class, "randomUUID")
          .orShould()
          .callMethod(java.util.concurrent.ThreadLocalRandom.class, "current")
          .orShould()
          .callConstructor(java.util.Random.class);

  @ArchTest
  static final ArchRule nobody_sleeps =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class, int.class);

  @ArchTest
  static final ArchRule the_console_belongs_to_app =
      noClasses()
          .that()
          .resideOutsideOfPackage(inside("app"))
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule names_say_what_a_class_is =
      classes()
          .should()
          .haveNameNotMatching(
              ".*\\.(Abstract\\w*|\\w*(Util|Utils|Helper|Helpers|Manager|Impl|Common|Misc))");

  @ArchTest
  static final ArchRule packages_form_no_cycle =
      slices().matching("dev.ritsem.(*)..").should().beFreeOfCycles();

  private static String inside(String name) {
    return "dev.ritsem." + name + "..";
  }
}
