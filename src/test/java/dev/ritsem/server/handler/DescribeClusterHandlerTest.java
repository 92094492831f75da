package dev.ritsem.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.metadata.controller.CoreController;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.server.handler.HandlerCalls.SomeConnection;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DescribeClusterHandlerTest {
  private final CoreController controller = CoreController.ofBrokers(2);
  private final DescribeClusterHandler handler = new DescribeClusterHandler(controller.publisher());

  static Stream<Short> versions() {
    return HandlerCalls.versionsOf(ApiKeys.DESCRIBE_CLUSTER);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void tells_id_controller_and_brokers(short version) {
    DescribeClusterResponseData response = call(version, new DescribeClusterRequestData());

    assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(response.clusterId()).isEqualTo(CoreController.CLUSTER_ID);
    assertThat(response.controllerId()).isEqualTo(1);
    assertThat(response.brokers())
        .extracting(DescribeClusterBroker::brokerId)
        .containsExactly(1, 2);
    assertThat(response.brokers().find(2).host()).isEqualTo("localhost");
    assertThat(response.brokers().find(2).port()).isEqualTo(9092);
    assertThat(response.brokers().find(2).rack()).isEqualTo("rack-2");
    assertThat(response.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void leaves_fenced_brokers_out_unless_asked(short version) {
    BrokerRegistration two = Objects.requireNonNull(controller.image().broker(new BrokerId(2)));
    controller.fenceBroker(two.id(), two.epoch());

    assertThat(call(version, new DescribeClusterRequestData()).brokers())
        .extracting(DescribeClusterBroker::brokerId)
        .containsExactly(1);
    if (version >= 2) {
      DescribeClusterResponseData all =
          call(version, new DescribeClusterRequestData().setIncludeFencedBrokers(true));
      assertThat(all.brokers().find(2).isFenced()).isTrue();
      assertThat(all.brokers().find(1).isFenced()).isFalse();
    }
  }

  @Test
  void says_that_it_is_no_controller_endpoint() {
    DescribeClusterResponseData controllers =
        call(1, new DescribeClusterRequestData().setEndpointType((byte) 2));
    assertThat(controllers.errorCode()).isEqualTo(ErrorCode.MISMATCHED_ENDPOINT_TYPE.code());
    assertThat(controllers.brokers()).isEmpty();

    assertThat(call(2, new DescribeClusterRequestData().setEndpointType((byte) 3)).errorCode())
        .isEqualTo(ErrorCode.UNSUPPORTED_ENDPOINT_TYPE.code());
  }

  @Test
  void tells_what_a_client_may_do_if_asked() {
    DescribeClusterResponseData response =
        call(0, new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true));

    List<Integer> codes = List.of(5, 7, 8, 9, 10, 11, 12);
    assertThat(response.clusterAuthorizedOperations())
        .isEqualTo(codes.stream().mapToInt(code -> 1 << code).sum());
  }

  @Test
  void sends_a_client_to_the_listener_that_it_uses() throws Exception {
    controller.start(
        3,
        new Endpoint("INSIDE", "PLAINTEXT", "inside.example", 1),
        new Endpoint("OUTSIDE", "PLAINTEXT", "", 2));

    DescribeClusterResponseData inside =
        HandlerCalls.call(
            handler,
            2,
            new DescribeClusterRequestData(),
            DescribeClusterResponseData.class,
            new SomeConnection("INSIDE", null));
    assertThat(inside.brokers())
        .as("brokers without that listener cannot be reached")
        .extracting(DescribeClusterBroker::brokerId)
        .containsExactly(3);
    assertThat(inside.brokers().find(3).host()).isEqualTo("inside.example");

    DescribeClusterResponseData outside =
        HandlerCalls.call(
            handler,
            2,
            new DescribeClusterRequestData(),
            DescribeClusterResponseData.class,
            new SomeConnection("OUTSIDE", InetAddress.getByName("192.0.2.7")));
    assertThat(outside.brokers().find(3).host()).isEqualTo("192.0.2.7");
    assertThat(outside.brokers().find(3).port()).isEqualTo(2);
  }

  private DescribeClusterResponseData call(int version, DescribeClusterRequestData request) {
    return HandlerCalls.call(handler, version, request, DescribeClusterResponseData.class);
  }
}
