package io.muxio.netty.client;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Speaks the extension in bytes that are written here. Its first connections say that they take no
 * more calls when a call comes, and refuse it, as if it had been on its way; the others answer
 * every call with "done".
 */
final class RefusingServer implements AutoCloseable {
  private static final int OPEN = 0;
  private static final int END = 2;
  private static final int SETTINGS = 16;
  private static final int HEADERS = 17;
  private static final int GOAWAY = 20;
  private static final byte[] NOTHING = {};
  private static final byte[] RETRY_AT_ONCE = {2, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  private static final int HEADER_SIZE = 13;
  private static final byte RESPONSE = 1;
  private static final byte SUCCESS = 0;
  private static final byte SYSTEM_ERROR = 2;

  private final AtomicInteger refusing;
  private final AtomicInteger refused = new AtomicInteger();
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel channel;

  /** Starts it; so many connections refuse. */
  RefusingServer(int refusingConnections) {
    refusing = new AtomicInteger(refusingConnections);
    channel =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel socket) {
                    socket
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpObjectAggregator(65_536))
                        .addLast(new WebSocketServerProtocolHandler("/ws", "muxio.x1"))
                        .addLast(new Connection(refusing.getAndDecrement() > 0));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  String uri() {
    return "ws://127.0.0.1:" + ((InetSocketAddress) channel.localAddress()).getPort() + "/ws";
  }

  /** Calls so far. */
  int refused() {
    return refused.get();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Connection extends SimpleChannelInboundHandler<BinaryWebSocketFrame> {
    private final boolean refuses;
    private boolean settled;

    Connection(boolean refuses) {
      this.refuses = refuses;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, BinaryWebSocketFrame message) {
      ByteBuf out = Unpooled.buffer();
      if (!settled) {
        settled = true;
        frame(out, 0, 0, SETTINGS, NOTHING);
      }
      ByteBuf in = message.content();
      while (in.readableBytes() >= HEADER_SIZE) {
        int length = in.readIntLE();
        in.skipBytes(2 * Integer.BYTES);
        int kind = in.readByte();
        ByteBuf payload = in.readSlice(length);
        if (kind == OPEN) {
          answer(out, payload.skipBytes(1).readIntLE());
        }
      }
      ctx.writeAndFlush(new BinaryWebSocketFrame(out));
    }

    private void answer(ByteBuf out, int requestId) {
      if (refuses) {
        refused.incrementAndGet();
        frame(out, 0, 0, GOAWAY, text("the server closes"));
        frame(out, requestId, 0, HEADERS, RETRY_AT_ONCE);
      }
      byte[] body = text(refuses ? "the server closes" : "done");
      ByteBuf response =
          Unpooled.buffer()
              .writeByte(RESPONSE)
              .writeIntLE(requestId)
              .writeLongLE(0)
              .writeShortLE(1)
              .writeByte(refuses ? SYSTEM_ERROR : SUCCESS)
              .writeBytes(body);
      byte[] bytes = new byte[response.readableBytes()];
      response.readBytes(bytes);
      int stream = 0x8000_0000 | requestId;
      frame(out, stream, 0, OPEN, bytes);
      frame(out, stream, 1, END, NOTHING);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void frame(ByteBuf out, int stream, int sequence, int kind, byte[] payload) {
    out.writeIntLE(payload.length);
    out.writeIntLE(stream);
    out.writeIntLE(sequence);
    out.writeByte(kind);
    out.writeBytes(payload);
  }
}
