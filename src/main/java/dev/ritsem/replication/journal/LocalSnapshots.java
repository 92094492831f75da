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
  private final Opened<SnapshotFiles> files;
  private final Serialization serialization;

  public LocalSnapshots() {
    LocalJournalSetup setup = LocalJournalSetup.of(context().system());
    this.serialization = SerializationExtension.get(context().system());
    this.files =
        Opened.attempt(
            "the snapshot store",
            () -> SnapshotFiles.open(setup.disk(), setup.snapshotsDirectory()));
    if (files.failure() != null) {
      log().error(files.failure(), "The snapshot store cannot be opened");
    }
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
            files
                .get()
                .save(
                    metadata.persistenceId(),
                    metadata.sequenceNr(),
                    metadata.timestamp(),
                    serialization.serialize(new Snapshot(snapshot)).get()));
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    return runVoid(
        () ->
            files
                .get()
                .delete(
                    files.get().list(metadata.persistenceId()).stream()
                        .filter(file -> file.sequenceNr() == metadata.sequenceNr())
                        .toList()));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return runVoid(() -> files.get().delete(matching(persistenceId, criteria)));
  }

  /**
   * The newest one that can be read. That none can be read is not the same as that there is none.
   */
  private Optional<SelectedSnapshot> load(String persistenceId, SnapshotSelectionCriteria criteria)
      throws IOException {
    IOException unreadable = null;
    for (SnapshotFiles.Entry file : matching(persistenceId, criteria)) {
      try {
        Snapshot snapshot = deserialize(files.get().read(file));
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

  private Snapshot deserialize(byte[] bytes) throws IOException {
    try {
      return serialization.deserialize(bytes, Snapshot.class).get();
    } catch (Exception e) {
      // Whatever a serializer throws, also what it does not declare.
      throw new IOException("no snapshot that this version can read", e);
    }
  }

  private List<SnapshotFiles.Entry> matching(
      String persistenceId, SnapshotSelectionCriteria criteria) throws IOException {
    return files.get().list(persistenceId).stream()
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
