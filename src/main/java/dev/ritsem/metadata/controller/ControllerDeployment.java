package dev.ritsem.metadata.controller;

import dev.ritsem.model.BrokerId;

/**
 * Where a controller runs and where it keeps what it decided.
 *
 * @param clusterId the cluster that this node's data directories belong to
 * @param nodeId the broker in whose process it runs
 * @param journalPluginId the Akka Persistence journal that holds the events
 * @param snapshotPluginId the Akka Persistence snapshot store that holds the images
 */
public record ControllerDeployment(
    String clusterId, BrokerId nodeId, String journalPluginId, String snapshotPluginId) {}
