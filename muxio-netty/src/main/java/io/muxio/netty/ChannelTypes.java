package io.muxio.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one way to do I/O is made of.
 *
 * @param handlerType tells its event loops
 * @param handlerFactory makes its event loops
 * @param tcp its channels of TCP
 * @param unix its channels of unix sockets
 * @param unixAddress its own address of a unix socket's path
 * @param quickAck acknowledges what was read at once on TCP; null where it cannot
 */
record ChannelTypes(
    Class<? extends IoHandler> handlerType,
    Supplier<IoHandlerFactory> handlerFactory,
    Pair tcp,
    Pair unix,
    Function<String, SocketAddress> unixAddress,
    @Nullable ChannelOption<Boolean> quickAck) {

  /**
   * The two ends of one kind of socket.
   *
   * @param server listens
   * @param client connects, or was accepted
   */
  record Pair(Class<? extends ServerChannel> server, Class<? extends Channel> client) {}
}
