package dev.ritsem.app;

import dev.ritsem.config.Settings;
import dev.ritsem.metadata.controller.Controller;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.Clock;
import dev.ritsem.replication.Replicas;
import dev.ritsem.server.RequestHandler;
import dev.ritsem.server.handler.AlterConfigsHandler;
import dev.ritsem.server.handler.ApiVersionsHandler;
import dev.ritsem.server.handler.ConfigDescriptions;
import dev.ritsem.server.handler.CreatePartitionsHandler;
import dev.ritsem.server.handler.CreateTopicsHandler;
import dev.ritsem.server.handler.DeleteRecordsHandler;
import dev.ritsem.server.handler.DeleteTopicsHandler;
import dev.ritsem.server.handler.DescribeClusterHandler;
import dev.ritsem.server.handler.DescribeConfigsHandler;
import dev.ritsem.server.handler.DescribeTopicPartitionsHandler;
import dev.ritsem.server.handler.FetchHandler;
import dev.ritsem.server.handler.FetchSettings;
import dev.ritsem.server.handler.IncrementalAlterConfigsHandler;
import dev.ritsem.server.handler.InitProducerIdHandler;
import dev.ritsem.server.handler.ListOffsetsHandler;
import dev.ritsem.server.handler.MetadataHandler;
import dev.ritsem.server.handler.OffsetForLeaderEpochHandler;
import dev.ritsem.server.handler.PartitionLookup;
import dev.ritsem.server.handler.ProduceHandler;
import dev.ritsem.server.handler.ProducerIds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The APIs that a node serves, made from what it consists of: what is not listed here is not
 * served.
 *
 * @param settings the node's, of which some are shown to clients
 * @param blockingIo for what has to read files
 */
record NodeHandlers(
    BrokerId self,
    Settings settings,
    Controller controller,
    ImagePublisher images,
    Replicas replicas,
    Executor blockingIo,
    Clock clock,
    RandomGenerator random) {

  /** One handler per API. */
  List<RequestHandler<?>> all() {
    List<RequestHandler<?>> handlers = new ArrayList<>();
    addRecords(handlers);
    addTopics(handlers);
    handlers.add(
        new ApiVersionsHandler(handlers.stream().map(RequestHandler::api).toList(), images, self));
    return handlers;
  }

  private void addRecords(List<RequestHandler<?>> handlers) {
    PartitionLookup partitions = new PartitionLookup(replicas, images);
    handlers.add(new ProduceHandler(partitions, clock));
    handlers.add(new FetchHandler(partitions, FetchSettings.of(settings), clock, random));
    handlers.add(new ListOffsetsHandler(partitions, blockingIo));
    handlers.add(new OffsetForLeaderEpochHandler(partitions));
    handlers.add(new DeleteRecordsHandler(partitions));
    handlers.add(new InitProducerIdHandler(new ProducerIds(controller)));
  }

  private void addTopics(List<RequestHandler<?>> handlers) {
    ConfigDescriptions configs =
        new ConfigDescriptions(settings, DeclaredSettings.catalogue().settings());
    handlers.add(
        new MetadataHandler(
            images, controller, settings.get(MetadataHandler.AUTO_CREATE_TOPICS_ENABLE)));
    handlers.add(new DescribeClusterHandler(images));
    handlers.add(new DescribeTopicPartitionsHandler(images));
    handlers.add(new CreateTopicsHandler(controller, configs));
    handlers.add(new DeleteTopicsHandler(controller));
    handlers.add(new CreatePartitionsHandler(controller));
    handlers.add(new DescribeConfigsHandler(self, images, configs));
    handlers.add(new IncrementalAlterConfigsHandler(self, controller));
    handlers.add(new AlterConfigsHandler(self, controller));
  }
}
