package io.muxio.testkit.contract;

import io.muxio.rpc.endpoint.RpcEndpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * What every transport has to do, to be inherited by one test class for each. Every test connects
 * two ends, and when it is over nothing of its calls may be left at either; at the end of all no
 * {@code ByteBuf} may have been garbage without having been released.
 *
 * <pre>{@code
 * class MyTransportTest extends TransportContract {
 *   @Override
 *   protected ConnectedPair connect(RpcEndpoint server, RpcEndpoint client, PairOptions options) {
 *     return new MyPair(server, client, options);
 *   }
 * }
 * }</pre>
 */
public abstract class TransportContract {
  /** For test classes. */
  protected TransportContract() {}

  /**
   * Starts two ends and connects them.
   *
   * @param server what the server serves
   * @param client what the client serves
   * @param options how both ends have to be set
   * @return the two ends, both up
   * @throws Exception where they cannot be connected, which fails the test
   */
  protected abstract ConnectedPair connect(
      RpcEndpoint server, RpcEndpoint client, PairOptions options) throws Exception;

  @BeforeAll
  static void watchLeaks() {
    LeakWatch.begin();
  }

  @AfterAll
  static void assertNoLeaks() throws InterruptedException {
    LeakWatch.assertNoLeaks();
  }

  @Nested
  class UnaryCalls extends UnaryContract {
    UnaryCalls() {
      super(TransportContract.this::connect);
    }
  }

  @Nested
  class FailingCalls extends FailureContract {
    FailingCalls() {
      super(TransportContract.this::connect);
    }
  }

  @Nested
  class Streams extends StreamContract {
    Streams() {
      super(TransportContract.this::connect);
    }
  }

  @Nested
  class FlowControl extends FlowContract {
    FlowControl() {
      super(TransportContract.this::connect);
    }
  }

  @Nested
  class MetadataOfCalls extends MetadataContract {
    MetadataOfCalls() {
      super(TransportContract.this::connect);
    }
  }

  @Nested
  class Cancellation extends CancelContract {
    Cancellation() {
      super(TransportContract.this::connect);
    }
  }

  @Nested
  class FailingStreams extends StreamFailureContract {
    FailingStreams() {
      super(TransportContract.this::connect);
    }
  }

  @Nested
  class Endings extends EndingContract {
    Endings() {
      super(TransportContract.this::connect);
    }
  }

  @Nested
  class Interceptors extends InterceptorContract {
    Interceptors() {
      super(TransportContract.this::connect);
    }
  }

  @Nested
  class Limits extends LimitsContract {
    Limits() {
      super(TransportContract.this::connect);
    }
  }
}
