package dev.ritsem.server.handler;

import dev.ritsem.model.Clock;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Stores records. Versions 3 to 13: from 8 on errors name single records (KIP-467), from 10 on they
 * name the leader (KIP-951), from 13 on topics are named by id (KIP-516).
 *
 * <p>Batches are checked on the connection's loop and handed to the logs' owners; the request is
 * answered when the last of them has said how it ended. With acks=0 nothing is answered, but an
 * error closes the connection, because that is the only way to tell.
 */
public final class ProduceHandler implements RequestHandler<ProduceRequestData> {
  private final PartitionLookup partitions;
  private final Clock clock;

  public ProduceHandler(PartitionLookup partitions, Clock clock) {
    this.partitions = partitions;
    this.clock = clock;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.PRODUCE;
  }

  @Override
  public void handle(ProduceRequestData request, RequestContext context, Reply reply) {
    new ProduceOperation(request, context, reply, partitions).run(clock.nowMs());
  }
}
