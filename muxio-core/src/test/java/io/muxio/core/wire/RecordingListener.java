package io.muxio.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.rpc.ResponseListener;
import io.muxio.core.rpc.RpcHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a call or an answer hears. Buffers are held until {@link #release()}, so that bytes
 * which were lent and not kept show as wrong bytes.
 */
public class RecordingListener implements ResponseListener {
  private final List<ByteBuf> pieces = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private @Nullable RpcHeader header;
  private Consumer<String> hook = event -> {};

  /** Runs after each of header, payload, end, cancel and failure was recorded. */
  public RecordingListener then(Consumer<String> hook) {
    this.hook = hook;
    return this;
  }

  @Override
  public void onHeader(RpcHeader header) {
    if (this.header != null) { // a failure takes the place of what came before
      release();
    }
    this.header = header;
    tell("header");
  }

  @Override
  public void onPayload(ByteBuf payload) {
    assertThat(payload.isReadable()).as("payload is never empty").isTrue();
    pieces.add(payload);
    hook.accept("payload");
  }

  @Override
  public void onEnd() {
    tell("end");
  }

  @Override
  public void onCancel() {
    tell("cancel");
  }

  @Override
  public void onFailure(Throwable cause) {
    failures.add(cause);
    tell("failure");
  }

  private void tell(String event) {
    events.add(event);
    hook.accept(event);
  }

  /** All that was heard but payload, in order. */
  public List<String> events() {
    return events;
  }

  public List<Throwable> failures() {
    return failures;
  }

  public RpcHeader header() {
    assertThat(header).as("header").isNotNull();
    return header;
  }

  public byte[] metadata() {
    return ByteBufUtil.getBytes(header().metadata());
  }

  public byte[] payload() {
    return Wire.concat(pieces.stream().map(ByteBufUtil::getBytes).toList());
  }

  public int pieces() {
    return pieces.size();
  }

  public void release() {
    pieces.forEach(ByteBuf::release);
    pieces.clear();
    if (header != null) {
      header.metadata().release();
      header = null;
    }
  }
}
