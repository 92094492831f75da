package dev.ritsem.replication.journal;

import akka.actor.ActorSystem;
import akka.actor.setup.Setup;
import dev.ritsem.log.Disk;
import dev.ritsem.model.Clock;
import java.nio.file.Path;

/**
 * Tells the journal and snapshot plugins of an actor system where they keep their files. Akka makes
 * plugins by reflection, so this is how they get what others get by their constructors.
 */
public final class LocalJournalSetup extends Setup {
  private final Disk disk;
  private final Path directory;
  private final Clock clock;

  /**
   * @param directory for this system alone; the plugins create {@code journal} and {@code
   *     snapshots} in it
   */
  public LocalJournalSetup(Disk disk, Path directory, Clock clock) {
    this.disk = disk;
    this.directory = directory;
    this.clock = clock;
  }

  static LocalJournalSetup of(ActorSystem system) {
    return system
        .settings()
        .setup()
        .get(LocalJournalSetup.class)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "an actor system that journals needs a LocalJournalSetup among its setups"));
  }

  Disk disk() {
    return disk;
  }

  Path journalDirectory() {
    return directory.resolve("journal");
  }

  Path snapshotsDirectory() {
    return directory.resolve("snapshots");
  }

  Clock clock() {
    return clock;
  }
}
