/**
 * The machinery of the admin operations: which broker a request has to go to, what is tried again,
 * and how requests and answers read in the types of Kafka's admin client.
 *
 * <p>May use: {@code model}, {@code client.cluster}, {@code client.transport}, Netty's timers, and
 * kafka-clients' messages and admin types. Start reading at {@link
 * dev.ritsem.client.admin.AdminCalls}.
 */
@NullMarked
package dev.ritsem.client.admin;

import org.jspecify.annotations.NullMarked;
