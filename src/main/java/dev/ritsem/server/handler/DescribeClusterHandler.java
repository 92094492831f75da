package dev.ritsem.server.handler;

import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Tells the cluster's id, its brokers and its controller. Versions 0 to 2: from 1 on a client says
 * whether it means brokers or controllers (KIP-919), from 2 on it may ask for fenced brokers too
 * (KIP-1073).
 */
public final class DescribeClusterHandler implements RequestHandler<DescribeClusterRequestData> {
  private static final byte BROKERS = 1;
  private static final byte CONTROLLERS = 2;
  private static final int NO_CONTROLLER = -1;

  private final ImagePublisher images;

  public DescribeClusterHandler(ImagePublisher images) {
    this.images = images;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_CLUSTER;
  }

  @Override
  public void handle(DescribeClusterRequestData request, RequestContext context, Reply reply) {
    if (request.endpointType() == CONTROLLERS) {
      reply.send(
          refused(
              ErrorCode.MISMATCHED_ENDPOINT_TYPE,
              "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of"
                  + " type CONTROLLER"));
    } else if (request.endpointType() != BROKERS) {
      reply.send(
          refused(
              ErrorCode.UNSUPPORTED_ENDPOINT_TYPE,
              "Unsupported endpoint type " + request.endpointType()));
    } else {
      reply.send(describe(images.current(), request, context));
    }
  }

  private static DescribeClusterResponseData refused(ErrorCode error, String message) {
    return new DescribeClusterResponseData().setErrorCode(error.code()).setErrorMessage(message);
  }

  private static DescribeClusterResponseData describe(
      ClusterImage image, DescribeClusterRequestData request, RequestContext context) {
    BrokerId controller = image.controllerId();
    DescribeClusterResponseData response =
        new DescribeClusterResponseData()
            .setClusterId(image.clusterId())
            .setControllerId(controller == null ? NO_CONTROLLER : controller.value())
            .setClusterAuthorizedOperations(
                request.includeClusterAuthorizedOperations()
                    ? AuthorizedOperations.CLUSTER
                    : AuthorizedOperations.NOT_ASKED);
    for (BrokerRegistration broker : image.brokers().values()) {
      if (!broker.fenced() || request.includeFencedBrokers()) {
        addBroker(response, broker, context);
      }
    }
    return response;
  }

  private static void addBroker(
      DescribeClusterResponseData response, BrokerRegistration broker, RequestContext context) {
    ClientAddress.of(broker, context.connection())
        .ifPresent(
            address ->
                response
                    .brokers()
                    .add(
                        new DescribeClusterBroker()
                            .setBrokerId(broker.id().value())
                            .setHost(address.host())
                            .setPort(address.port())
                            .setRack(broker.rack())
                            .setIsFenced(broker.fenced())));
  }
}
