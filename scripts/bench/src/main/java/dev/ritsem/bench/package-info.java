/**
 * The load generator behind {@code scripts/bench/compare}: measures any broker that speaks Kafka's
 * protocol, one scenario per process, one line of JSON per measurement. Full clients where a real
 * client matters, {@link dev.ritsem.bench.WireClient} where the full client would be the
 * bottleneck. Start reading at {@link dev.ritsem.bench.Bench}.
 */
package dev.ritsem.bench;
