package dev.ritsem.model;

/**
 * Who a batch of an idempotent producer comes from: the id that the cluster gave it, and the epoch
 * that fences earlier users of the same id (KIP-98).
 *
 * @param producerId from 0; -1 if the producer is not idempotent
 * @param producerEpoch from 0 to 32767; -1 if the producer is not idempotent
 */
public record ProducerIdAndEpoch(long producerId, short producerEpoch) {
  public static final ProducerIdAndEpoch NONE = new ProducerIdAndEpoch(-1L, (short) -1);

  public boolean isPresent() {
    return producerId >= 0;
  }
}
