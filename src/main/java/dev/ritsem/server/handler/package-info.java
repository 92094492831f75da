/**
 * One class per API of the wire protocol, each a {@link dev.ritsem.server.RequestHandler}: it turns
 * the request message into calls of the broker's parts, and their results into the response
 * message. Handlers are shared by all connections and are called on their event loops.
 *
 * <p>May use: everything but {@code client}, {@code admin} and {@code app}. Start reading at {@link
 * dev.ritsem.server.RequestHandler}, then at {@code ProduceHandler} and {@code FetchHandler}.
 */
@NullMarked
package dev.ritsem.server.handler;

import org.jspecify.annotations.NullMarked;
