package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.rpc.PendingCall;
import io.muxio.core.rpc.ResponseListener;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcHeader;
import io.muxio.rpc.service.RpcError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client's streaming call and what it hears of the answer. */
final class StreamAnswer implements ResponseListener {
  private final EndpointLink link;
  private final List<byte[]> chunks = new ArrayList<>();
  private final List<byte[]> voided = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private PendingCall call;
  private ResponseStatus status;

  StreamAnswer(EndpointLink link) {
    this.link = link;
  }

  void openedWith(PendingCall call) {
    this.call = call;
  }

  /** Sends chunks; the server has them when this returns. */
  StreamAnswer send(String... texts) {
    for (String text : texts) {
      send(text.getBytes(StandardCharsets.UTF_8));
    }
    return this;
  }

  StreamAnswer send(byte[] chunk) {
    call.send(link.buffer(chunk));
    link.exchange();
    return this;
  }

  StreamAnswer end() {
    call.end();
    link.exchange();
    return this;
  }

  void cancel() {
    call.abandon();
    link.exchange();
  }

  @Override
  public void onHeader(RpcHeader header) {
    ResponseStatus next = ResponseStatus.of(header.metadata());
    header.metadata().release();
    if (status != null) { // a failure takes the place of an answer that has begun
      assertThat(next).isNotEqualTo(ResponseStatus.SUCCESS);
      voided.addAll(chunks);
      chunks.clear();
    }
    status = next;
  }

  @Override
  public void onPayload(ByteBuf payload) {
    chunks.add(ByteBufUtil.getBytes(payload));
    payload.release();
  }

  @Override
  public void onEnd() {
    events.add("end");
  }

  @Override
  public void onCancel() {
    events.add("cancel");
  }

  @Override
  public void onFailure(Throwable cause) {
    events.add("failure");
  }

  List<String> texts() {
    return texts(chunks);
  }

  private static List<String> texts(List<byte[]> chunks) {
    return chunks.stream().map(chunk -> new String(chunk, StandardCharsets.UTF_8)).toList();
  }

  int bytes() {
    return chunks.stream().mapToInt(chunk -> chunk.length).sum();
  }

  void assertNone() {
    assertThat(status).as("answer").isNull();
    assertThat(events).isEmpty();
  }

  /** These chunks so far, and no end. */
  void assertOpen(String... texts) {
    assertThat(texts()).containsExactly(texts);
    assertThat(events).isEmpty();
  }

  void assertEnded(String... texts) {
    assertThat(status).as(String.join("", texts())).isEqualTo(ResponseStatus.SUCCESS);
    assertThat(texts()).containsExactly(texts);
    assertThat(events).containsExactly("end");
  }

  /** Failed behind these chunks. */
  void assertFailedBehind(ResponseStatus expected, String part, String... texts) {
    assertThat(texts(voided)).containsExactly(texts);
    assertFailed(expected, part);
  }

  /** A status and a text, plain or structured. */
  void assertFailed(ResponseStatus expected, String part) {
    assertThat(status).isEqualTo(expected);
    assertThat(events).containsExactly("end");
    ByteBuf body = Unpooled.wrappedBuffer(chunks.toArray(new byte[0][]));
    assertThat(RpcError.messageOf(body)).contains(part);
  }
}
