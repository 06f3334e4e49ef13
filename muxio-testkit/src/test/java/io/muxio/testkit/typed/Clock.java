package io.muxio.testkit.typed;

import io.muxio.bitcode.Bitcode;
import io.muxio.bitcode.BitcodeDerivation;
import io.muxio.rpc.service.BitcodeCodecFactory;
import io.muxio.rpc.service.RpcCodec;
import io.muxio.rpc.service.RpcName;
import java.time.Instant;

/** A service with a type that bitcode does not know. */
@RpcCodec(Clock.Codecs.class)
public interface Clock {
  /** Knows it, also among several parameters. */
  final class Codecs extends BitcodeCodecFactory {
    public Codecs() {
      super(
          BitcodeDerivation.builder()
              .with(Instant.class, Bitcode.i64().map(Instant::ofEpochMilli, Instant::toEpochMilli))
              .build());
    }
  }

  @RpcName("clock.later")
  Instant later(Instant time, int minutes);
}
