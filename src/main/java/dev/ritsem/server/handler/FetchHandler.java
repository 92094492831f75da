package dev.ritsem.server.handler;

import dev.ritsem.model.Clock;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Reads committed records, and waits for them if the client wants to. Versions 4 to 18: sessions
 * from 7 on (KIP-227), leader epochs from 9 (KIP-320), divergence from 12, topic ids from 13
 * (KIP-516), endpoints of leaders from 16 (KIP-951).
 *
 * <p>A replica id in the request gives no right to more than what is committed: brokers replicate
 * over connections of their own.
 */
public final class FetchHandler implements RequestHandler<FetchRequestData> {
  private final PartitionLookup partitions;
  private final FetchSettings settings;
  private final Clock clock;
  private final FetchSessions sessions;

  /**
   * @param random where the ids of fetch sessions come from
   */
  public FetchHandler(
      PartitionLookup partitions, FetchSettings settings, Clock clock, RandomGenerator random) {
    this.partitions = partitions;
    this.settings = settings;
    this.clock = clock;
    this.sessions = new FetchSessions(settings.sessionsMax(), random);
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.FETCH;
  }

  @Override
  public void handle(FetchRequestData request, RequestContext context, Reply reply) {
    FetchContext fetch = FetchContext.of(request, context.version(), sessions, clock.nowMs());
    FetchOperation operation =
        new FetchOperation(request, context, reply, partitions, fetch, settings);
    operation.start();
  }
}
