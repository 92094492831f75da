/**
 * The controller: the one place where topics, partition placements, leaders, topic configs, broker
 * registrations and producer id blocks are decided. A pure core turns (image, request) into
 * (events, reply); an event-sourced actor persists the events, applies them to the image, publishes
 * it and only then answers. The image that the core decides upon is the same {@link
 * dev.ritsem.metadata.image.ClusterImage} that every broker has.
 *
 * <p>May use: {@code model}, {@code config}, {@code metadata.image}; the actor and its serializers
 * also Akka. Server handlers see the {@link dev.ritsem.metadata.controller.Controller} port alone.
 * Start reading there.
 */
@NullMarked
package dev.ritsem.metadata.controller;

import org.jspecify.annotations.NullMarked;
