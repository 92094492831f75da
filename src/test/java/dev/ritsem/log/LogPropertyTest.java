package dev.ritsem.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.OffsetAndEpoch;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.model.WireException;
import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.ControlRecordType;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.ValidatedBatches;
import dev.ritsem.testing.ManualClock;
import dev.ritsem.testing.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to a log, in whatever order, it holds a prefix of what was appended to it, and
 * all of that which was flushed; offsets follow each other; producers, epochs and aborted
 * transactions are those of a plain model.
 */
class LogPropertyTest {
  private static final int SEEDS = 250;
  private static final int STEPS = 400;

  @Test
  void anyInterleavingLeavesAPrefixThatHoldsAllThatWasFlushed() {
    Seeds.forEach(LogPropertyTest.class, SEEDS, seed -> new Run(Seeds.random(seed)).run(STEPS));
  }

  /** One life of one log, through crashes and restarts. */
  private static final class Run {
    private static final TopicIdPartition ID = new TopicIdPartition(new TopicId(1, 2), "t", 0);
    private static final Path DIRECTORY = Path.of("/data/t-0");
    private static final int PRODUCERS = 3;

    private final Random random;
    private final SimulatedDisk disk = new SimulatedDisk();
    private final ManualClock clock = new ManualClock(1_700_000_000_000L);
    private final ModelLog model = new ModelLog();
    private final Map<Long, Integer> nextSequences = new HashMap<>();
    private final Map<Long, Integer> producerEpochs = new HashMap<>();
    private final List<String> history = new ArrayList<>();
    private final LogConfig config;
    private Log log;
    private int leaderEpoch;
    private OpenState checkpoint = OpenState.UNKNOWN;

    Run(Random random) {
      this.random = random;
      this.config =
          LogConfig.defaults()
              .with(TopicSettings.SEGMENT_BYTES, 500 + random.nextInt(2000))
              .with(TopicSettings.INDEX_INTERVAL_BYTES, random.nextInt(400))
              .with(TopicSettings.SEGMENT_MS, 50_000L)
              .with(TopicSettings.RETENTION_MS, random.nextBoolean() ? -1L : 200_000L)
              .with(TopicSettings.RETENTION_BYTES, random.nextBoolean() ? -1L : 6_000L)
              .with(TopicSettings.FILE_DELETE_DELAY_MS, 10_000L)
              .withProducerIdExpirationMs(Long.MAX_VALUE);
      this.log = open(OpenState.UNKNOWN);
    }

    void run(int steps) {
      try {
        for (int step = 0; step < steps; step++) {
          step();
          checkOffsets();
          checkRandomRead();
          if (step % 25 == 24) {
            checkAll();
          }
        }
        restart("crash");
        checkAll();
      } catch (AssertionError | RuntimeException | IOException e) {
        int from = Math.max(0, history.size() - 60);
        throw new AssertionError(
            e + "\nlast steps: " + String.join("; ", history.subList(from, history.size())), e);
      }
    }

    private void step() throws IOException {
      int dice = random.nextInt(100);
      if (dice < 30) {
        appendPlain();
      } else if (dice < 55) {
        appendIdempotent();
      } else if (dice < 62) {
        endTransaction();
      } else if (dice < 66) {
        refuseGap();
      } else if (dice < 70) {
        note("roll");
        log.roll();
      } else if (dice < 78) {
        flush();
      } else if (dice < 81) {
        writeCheckpoint();
      } else if (dice < 84) {
        truncate();
      } else if (dice < 86) {
        deleteRecords();
      } else if (dice < 90) {
        note("retention");
        log.applyRetention();
        model.logStartOffset = log.view().logStartOffset();
      } else if (dice < 92) {
        clock.advanceMs(random.nextInt(60_000));
        log.removeDeletedFiles();
      } else if (dice < 94) {
        leaderEpoch += 1 + random.nextInt(2);
      } else if (dice < 95) {
        appendToFullDisk();
      } else {
        restart(
            switch (random.nextInt(6)) {
              case 0, 1 -> "crash";
              case 2 -> "kill";
              case 3 -> "corrupt";
              case 4 -> "index loss";
              default -> "stop";
            });
        checkAll();
      }
    }

    private void note(String what) {
      history.add(what + " [" + model.logStartOffset + "," + model.logEndOffset + ")");
    }

    private Log open(OpenState state) {
      return Log.open(disk, DIRECTORY, ID, config, clock, state);
    }

    private void appendPlain() {
      String[] values = new String[1 + random.nextInt(3)];
      for (int i = 0; i < values.length; i++) {
        values[i] = "v".repeat(random.nextInt(120));
      }
      append(TestBatches.of(timestamp(), values), false);
    }

    private long timestamp() {
      return clock.nowMs() - random.nextInt(1000);
    }

    private void append(ValidatedBatches batches, boolean abort) {
      LogAppend appended = log.appendAsLeader(batches, leaderEpoch);
      assertThat(appended.duplicate()).isFalse();
      assertThat(appended.firstOffset()).isEqualTo(model.logEndOffset);
      ByteBuffer buffer = batches.buffer();
      model.append(ModelLog.Batch.of(RecordBatch.at(buffer, buffer.position()), abort));
      note("append " + appended.firstOffset() + "-" + appended.lastOffset());
      if (random.nextInt(3) > 0) {
        long highWatermark =
            random.nextBoolean()
                ? model.logEndOffset
                : model.highWatermark
                    + random.nextInt((int) (model.logEndOffset - model.highWatermark) + 1);
        log.advanceHighWatermark(highWatermark);
        model.highWatermark = highWatermark;
      }
    }

    private void appendIdempotent() {
      long producerId = 100L + random.nextInt(PRODUCERS);
      ModelLog.Producer known = model.producers().get(producerId);
      boolean inTransaction = known != null && known.transactionFirstOffset >= 0;
      if (known != null && !known.window.isEmpty() && random.nextInt(4) == 0) {
        repeat(producerId, known);
        return;
      }
      boolean transactional = inTransaction || random.nextInt(3) == 0;
      int records = 1 + random.nextInt(3);
      int sequence = nextSequence(producerId, known);
      append(
          transactional
              ? TestBatches.transactional(
                  producerId, epochOf(producerId), sequence, timestamp(), records)
              : TestBatches.idempotent(
                  producerId, epochOf(producerId), sequence, timestamp(), records),
          false);
      nextSequences.put(producerId, RecordBatch.incrementSequence(sequence, records));
    }

    private int epochOf(long producerId) {
      return producerEpochs.computeIfAbsent(producerId, id -> random.nextInt(3));
    }

    private int nextSequence(long producerId, ModelLog.@Nullable Producer known) {
      if (known != null && known.epoch == epochOf(producerId)) {
        return known.window.isEmpty()
            ? 0
            : RecordBatch.incrementSequence(
                known.window.get(known.window.size() - 1).lastSequence(), 1);
      }
      if (known != null) {
        return 0;
      }
      return random.nextBoolean() ? 0 : Integer.MAX_VALUE - random.nextInt(3);
    }

    /** The newest batch is always known; older ones are not after an orderly restart. */
    private void repeat(long producerId, ModelLog.Producer known) {
      ModelLog.Batch batch = known.window.get(known.window.size() - 1);
      if (batch.lastOffset() < model.logStartOffset || batch.producerEpoch() != known.epoch) {
        return;
      }
      producerEpochs.put(producerId, (int) known.epoch);
      int records = (int) (batch.lastOffset() - batch.baseOffset()) + 1;
      note("repeat " + batch.baseOffset());
      LogAppend repeated =
          log.appendAsLeader(
              TestBatches.idempotent(
                  producerId, batch.producerEpoch(), batch.baseSequence(), timestamp(), records),
              leaderEpoch);
      assertThat(repeated.duplicate()).isTrue();
      assertThat(repeated.firstOffset()).isEqualTo(batch.baseOffset());
      assertThat(repeated.lastOffset()).isEqualTo(batch.lastOffset());
    }

    private void refuseGap() {
      for (Map.Entry<Long, ModelLog.Producer> entry : model.producers().entrySet()) {
        ModelLog.Producer known = entry.getValue();
        if (!known.window.isEmpty()
            && known.window.get(known.window.size() - 1).lastOffset() >= model.logStartOffset) {
          note("gap");
          int next =
              RecordBatch.incrementSequence(
                  known.window.get(known.window.size() - 1).lastSequence(), 2);
          try {
            log.appendAsLeader(
                TestBatches.idempotent(entry.getKey(), known.epoch, next, timestamp(), 1),
                leaderEpoch);
            fail("a gap in the sequences was accepted");
          } catch (WireException e) {
            assertThat(e.error()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
          }
          return;
        }
      }
    }

    private void endTransaction() {
      for (Map.Entry<Long, ModelLog.Producer> entry : model.producers().entrySet()) {
        if (entry.getValue().transactionFirstOffset >= model.logStartOffset) {
          boolean abort = random.nextBoolean();
          ByteBuffer marker =
              BatchBuilder.endTransaction(
                  abort ? ControlRecordType.ABORT : ControlRecordType.COMMIT,
                  1,
                  entry.getKey(),
                  entry.getValue().epoch,
                  clock.nowMs());
          append(TestBatches.validated(marker, clock.nowMs()), abort);
          return;
        }
      }
    }

    private void flush() {
      note("flush");
      if (random.nextBoolean()) {
        log.flush();
        assertThat(log.recoveryPoint()).isEqualTo(model.logEndOffset);
      } else {
        log.flushUpTo(random.nextInt((int) model.logEndOffset + 1));
      }
    }

    private void writeCheckpoint() {
      note("checkpoint");
      checkpoint =
          new OpenState(
              false, log.recoveryPoint(), log.view().logStartOffset(), model.highWatermark);
    }

    private void truncate() {
      long span = model.logEndOffset - model.logStartOffset;
      long offset =
          random.nextInt(6) == 0
              ? Math.max(0, model.logStartOffset - random.nextInt(20))
              : model.logStartOffset + random.nextInt((int) Math.min(span, 100_000) + 1);
      note("truncate to " + offset);
      boolean nothingLeft = offset < firstSegment();
      log.truncateTo(offset);
      if (nothingLeft) {
        model.restartAt(offset);
      } else {
        model.truncateTo(offset);
      }
      model.logStartOffset = Math.min(model.logStartOffset, model.logEndOffset);
      forgetSequences();
      writeCheckpoint();
    }

    private void forgetSequences() {
      nextSequences.clear();
    }

    private void deleteRecords() {
      long span = model.highWatermark - model.logStartOffset;
      long offset = model.logStartOffset + random.nextInt((int) Math.max(0, span) + 1);
      note("delete records before " + offset);
      assertThat(log.deleteRecordsBefore(offset)).isEqualTo(offset);
      model.logStartOffset = offset;
    }

    private void appendToFullDisk() {
      note("full disk");
      disk.fullAfter(random.nextInt(60));
      try {
        log.appendAsLeader(
            TestBatches.of(timestamp(), "v".repeat(50), "v".repeat(50)), leaderEpoch);
        fail("a full disk took an append");
      } catch (LogIoException e) {
        assertThat(log.view().logEndOffset()).isEqualTo(model.logEndOffset);
      }
      disk.emptied();
    }

    private void restart(String how) throws IOException {
      note(how);
      long flushed = log.recoveryPoint();
      long endBefore = model.logEndOffset;
      boolean orderly = how.equals("stop") || (how.equals("index loss") && random.nextBoolean());
      if (orderly) {
        log.close();
        flushed = endBefore;
        writeCheckpoint();
      }
      switch (how) {
        case "crash" -> disk.crash(random);
        case "corrupt" -> {
          disk.killProcess();
          corruptTail(flushed);
        }
        case "index loss" -> {
          disk.killProcess();
          damageIndexes();
        }
        default -> disk.killProcess();
      }
      OpenState state =
          new OpenState(
              orderly,
              checkpoint.recoveryPoint(),
              checkpoint.logStartOffset(),
              checkpoint.highWatermark());
      log = open(state);
      adopt(flushed, !orderly && (how.equals("crash") || how.equals("corrupt")));
    }

    /** After a restart the log may hold less, but never less than what was flushed. */
    private void adopt(long flushed, boolean mayLose) {
      LogView view = log.view();
      long end = view.logEndOffset();
      assertThat(end).isBetween(Math.min(flushed, model.logEndOffset), model.logEndOffset);
      if (!mayLose) {
        assertThat(end).isEqualTo(model.logEndOffset);
      }
      assertThat(view.logStartOffset())
          .isBetween(
              Math.min(checkpoint.logStartOffset(), end), Math.max(model.logStartOffset, end));
      if (firstSegment() == end && log.producers().isEmpty()) {
        model.restartAt(end);
      } else {
        model.truncateTo(end);
        assertThat(model.logEndOffset).as("the log ends between two batches").isEqualTo(end);
      }
      model.logStartOffset = view.logStartOffset();
      model.highWatermark = view.highWatermark();
      forgetSequences();
      writeCheckpoint();
    }

    private void corruptTail(long flushed) throws IOException {
      Path file = newest(".log");
      byte[] content = disk.content(file);
      List<Integer> unflushed = new ArrayList<>();
      ByteBuffer bytes = ByteBuffer.wrap(content);
      int at = 0;
      while (RecordBatch.fits(bytes, at)) {
        if (RecordBatch.at(bytes, at).baseOffset() >= flushed) {
          unflushed.add(at);
        }
        at += RecordBatch.at(bytes, at).sizeInBytes();
      }
      if (!unflushed.isEmpty()) {
        int from = unflushed.get(random.nextInt(unflushed.size()));
        // The format's checksum leaves out what a leader fills in: base offset and epoch.
        int covered = RecordBatch.MAGIC_AT + random.nextInt(40);
        disk.corrupt(file, from + (random.nextInt(8) == 0 ? RecordBatch.LENGTH_AT : covered));
      }
    }

    private void damageIndexes() throws IOException {
      for (Path file : disk.files()) {
        String name = file.getFileName().toString();
        if ((name.endsWith(".index") || name.endsWith(".timeindex")) && random.nextInt(3) == 0) {
          int length = disk.content(file).length;
          switch (random.nextInt(3)) {
            case 0 -> disk.lose(file);
            case 1 -> disk.put(file, new byte[random.nextInt(5)]);
            default -> {
              // A time index is believed if its last entry is right; see TimeIndex.
              if (length > 0 && name.endsWith(".index")) {
                disk.corrupt(file, random.nextInt(length));
              }
            }
          }
        }
      }
    }

    private long firstSegment() {
      return disk.files().stream()
          .map(file -> LogFileNames.offset(file.getFileName().toString(), LogFileNames.LOG))
          .filter(OptionalLong::isPresent)
          .mapToLong(OptionalLong::getAsLong)
          .min()
          .orElseThrow();
    }

    private Path newest(String suffix) {
      return disk.files().stream()
          .filter(file -> file.getFileName().toString().matches("\\d{20}\\" + suffix))
          .max(Path::compareTo)
          .orElseThrow();
    }

    private void checkOffsets() {
      LogView view = log.view();
      assertThat(view.logEndOffset()).isEqualTo(model.logEndOffset);
      assertThat(view.logStartOffset()).isEqualTo(model.logStartOffset);
      assertThat(view.highWatermark()).isBetween(view.logStartOffset(), view.logEndOffset());
      assertThat(view.lastStableOffset()).isBetween(view.logStartOffset(), view.highWatermark());
      assertThat(log.recoveryPoint()).isLessThanOrEqualTo(view.logEndOffset());
    }

    private void checkRandomRead() throws IOException {
      LogView view = log.view();
      long span = view.logEndOffset() - view.logStartOffset();
      long offset = view.logStartOffset() + random.nextInt((int) span + 1);
      long bound = offset + random.nextInt(30);
      int maxBytes = random.nextInt(1500);
      LogRead read = view.read(offset, maxBytes, random.nextBoolean(), bound);
      List<ModelLog.Batch> found = batches(read);
      if (!found.isEmpty()) {
        ModelLog.Batch first = found.get(0);
        assertThat(offset).isBetween(first.baseOffset(), first.lastOffset());
        assertThat(found.get(found.size() - 1).lastOffset())
            .isLessThan(Math.min(bound, read.upToOffset()));
      }
    }

    private void checkAll() throws IOException {
      checkBatches();
      checkProducers();
      checkEpochs();
      checkTransactions();
      checkTimes();
    }

    private void checkBatches() throws IOException {
      List<ModelLog.Batch> expected =
          model.batches.stream()
              .filter(batch -> batch.lastOffset() >= model.logStartOffset)
              .toList();
      List<ModelLog.Batch> actual = new ArrayList<>();
      long offset = model.logStartOffset;
      while (offset < model.logEndOffset) {
        List<ModelLog.Batch> found = batches(log.view().read(offset, 700, true, Long.MAX_VALUE));
        assertThat(found).as("nothing at %d", offset).isNotEmpty();
        actual.addAll(found);
        offset = found.get(found.size() - 1).lastOffset() + 1;
      }
      for (int i = 0; i < expected.size(); i++) {
        assertThat(placeOf(actual.get(i))).isEqualTo(placeOf(expected.get(i)));
      }
      assertThat(actual).hasSameSizeAs(expected);
    }

    private static String placeOf(ModelLog.Batch batch) {
      return "%d-%d epoch %d checksum %d"
          .formatted(batch.baseOffset(), batch.lastOffset(), batch.leaderEpoch(), batch.crc());
    }

    private static List<ModelLog.Batch> batches(LogRead read) throws IOException {
      List<ModelLog.Batch> batches = new ArrayList<>();
      ByteBuffer bytes = read.records().toByteBuffer();
      read.records().release();
      int at = 0;
      while (at < bytes.limit()) {
        assertThat(RecordBatch.fits(bytes, at)).as("whole batches").isTrue();
        RecordBatch batch = RecordBatch.at(bytes, at);
        assertThat(batch.hasValidCrc()).isTrue();
        batches.add(ModelLog.Batch.of(batch, false));
        at += batch.sizeInBytes();
      }
      return batches;
    }

    private void checkProducers() {
      Map<Long, ProducerListing> actual = new HashMap<>();
      log.producers().forEach(listing -> actual.put(listing.producerId(), listing));
      model
          .producers()
          .forEach(
              (producerId, expected) -> {
                ProducerListing listing = actual.get(producerId);
                if (listing == null) {
                  assertThat(expected.lastBatchOffset)
                      .as("producer %d is not known", producerId)
                      .isLessThan(model.logStartOffset);
                  return;
                }
                assertThat(listing.producerEpoch()).isEqualTo(expected.epoch);
                assertThat(listing.transactionFirstOffset())
                    .isEqualTo(expected.transactionFirstOffset);
                int lastSequence =
                    expected.window.isEmpty()
                        ? -1
                        : expected.window.get(expected.window.size() - 1).lastSequence();
                assertThat(listing.lastSequence()).isEqualTo(lastSequence);
              });
      assertThat(model.producers().keySet()).containsAll(actual.keySet());
    }

    private void checkEpochs() {
      Integer newer = null;
      for (Map.Entry<Integer, Long> epoch : model.epochs().descendingMap().entrySet()) {
        long end = newer == null ? model.logEndOffset : model.epochs().get(newer);
        if (end > model.logStartOffset && log.latestEpoch() >= epoch.getKey()) {
          assertThat(log.endOffsetFor(epoch.getKey()))
              .isEqualTo(new OffsetAndEpoch(end, epoch.getKey()));
        }
        newer = epoch.getKey();
      }
    }

    private void checkTransactions() {
      List<AbortedTransaction> expected =
          model.aborted().stream()
              .filter(aborted -> aborted.lastOffset() >= model.logStartOffset)
              .toList();
      List<AbortedTransaction> actual =
          log.view().abortedTransactions(model.logStartOffset, Long.MAX_VALUE);
      assertThat(actual).isEqualTo(expected);
    }

    private void checkTimes() {
      for (ModelLog.Batch batch : model.batches) {
        if (batch.baseOffset() >= model.logStartOffset && random.nextInt(10) == 0) {
          long expected =
              model.batches.stream()
                  .filter(one -> one.timestamp() >= batch.timestamp())
                  .mapToLong(ModelLog.Batch::lastOffset)
                  .filter(offset -> offset >= model.logStartOffset)
                  .findFirst()
                  .orElseThrow();
          long found = log.view().offsetForTimestamp(batch.timestamp()).orElseThrow().offset();
          assertThat(found).isLessThanOrEqualTo(expected);
          assertThat(found).isGreaterThanOrEqualTo(model.logStartOffset);
        }
      }
    }
  }
}
