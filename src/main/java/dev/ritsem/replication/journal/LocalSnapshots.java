package dev.ritsem.replication.journal;

import akka.persistence.SelectedSnapshot;
import akka.persistence.SnapshotMetadata;
import akka.persistence.SnapshotSelectionCriteria;
import akka.persistence.serialization.Snapshot;
import akka.persistence.snapshot.japi.SnapshotStore;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * The snapshot plugin: {@link SnapshotFiles} as an Akka Persistence snapshot store. It is an actor
 * on a dispatcher of its own, because it waits for the disk, and the files' only user.
 */
public final class LocalSnapshots extends SnapshotStore {
  private final SnapshotFiles files;
  private final Serialization serialization;

  public LocalSnapshots() throws IOException {
    LocalJournalSetup setup = LocalJournalSetup.of(context().system());
    this.serialization = SerializationExtension.get(context().system());
    this.files = SnapshotFiles.open(setup.disk(), setup.snapshotsDirectory());
  }

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return run(() -> load(persistenceId, criteria));
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    return runVoid(
        () ->
            files.save(
                metadata.persistenceId(),
                metadata.sequenceNr(),
                metadata.timestamp(),
                serialization.serialize(new Snapshot(snapshot)).get()));
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    return runVoid(
        () ->
            files.delete(
                files.list(metadata.persistenceId()).stream()
                    .filter(file -> file.sequenceNr() == metadata.sequenceNr())
                    .toList()));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return runVoid(() -> files.delete(matching(persistenceId, criteria)));
  }

  /**
   * The newest one that can be read. That none can be read is not the same as that there is none.
   */
  private Optional<SelectedSnapshot> load(String persistenceId, SnapshotSelectionCriteria criteria)
      throws IOException {
    IOException unreadable = null;
    for (SnapshotFiles.Entry file : matching(persistenceId, criteria)) {
      try {
        byte[] bytes = files.read(file);
        Snapshot snapshot = serialization.deserialize(bytes, Snapshot.class).get();
        return Optional.of(SelectedSnapshot.create(metadata(file), snapshot.data()));
      } catch (IOException e) {
        log().warning("Snapshot {} cannot be read, trying an older one: {}", file, e.getMessage());
        unreadable = e;
      }
    }
    if (unreadable != null) {
      throw unreadable;
    }
    return Optional.empty();
  }

  private List<SnapshotFiles.Entry> matching(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return files.list(persistenceId).stream()
        .filter(file -> criteria.matches(metadata(file)))
        .toList();
  }

  private static SnapshotMetadata metadata(SnapshotFiles.Entry file) {
    return new SnapshotMetadata(file.persistenceId(), file.sequenceNr(), file.timestampMs());
  }

  /** Work that is allowed to fail. */
  private interface DiskWork {
    void run() throws IOException;
  }

  private static Future<Void> runVoid(DiskWork work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      work.run();
      done.complete(null);
    } catch (IOException | RuntimeException e) {
      done.completeExceptionally(e);
    }
    return FutureConverters.asScala(done);
  }

  private static <T> Future<T> run(Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    try {
      done.complete(work.call());
    } catch (Exception e) {
      done.completeExceptionally(e);
    }
    return FutureConverters.asScala(done);
  }
}
