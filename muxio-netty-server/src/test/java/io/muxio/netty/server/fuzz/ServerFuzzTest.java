package io.muxio.netty.server.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.muxio.netty.server.Pipelines;
import io.muxio.test.FuzzInput;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The whole server, from the bytes of a socket to handlers and back, without the socket. */
class ServerFuzzTest {
  private static Services services;
  private static ErrorLog log;
  private static ChannelHandler pipeline;

  @BeforeAll
  static void build() {
    log = ErrorLog.watching();
    services = new Services();
    pipeline = Pipelines.of(services.server());
    // Makes the buffers that Netty's encoders keep for ever, before memory is counted.
    new EmbeddedChannel(new HttpServerCodec()).finishAndReleaseAll();
  }

  @AfterAll
  static void close() {
    services.server().close();
    log.stop();
  }

  @FuzzTest(maxDuration = "30s")
  void whateverComes(byte[] data) {
    new ConnectionCase(services, pipeline, log, new FuzzInput(data)).run();
  }
}
