package io.muxio.rpc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An outbound stream that is written chunk by chunk without waiting. */
class ChunkSinkTest {
  private final SinkFixture fixture = new SinkFixture();
  private final ChunkSink sink = fixture.sink;

  @AfterEach
  void nothingIsLeft() {
    fixture.assertNothingLeft();
  }

  private static RpcException gone() {
    return new RpcException(RpcStatus.DISCONNECTED, "gone");
  }

  /** One long chunk would else go into the connection whole, however slowly the peer reads. */
  @Test
  void aLongChunkLeavesInPiecesAtThePaceOfThePeer() {
    SinkFixture link = new SinkFixture();
    link.sink.writeAsync(link.windows.bytes(2 * SinkFixture.CHUNK_SIZE + 4));
    link.thread.writable(false);
    link.settle();
    assertThat(link.sent).isEmpty();
    link.thread.writable(true);
    link.sink.end();
    link.settle();
    assertThat(link.sent).hasSize(4).startsWith("large", "large").endsWith("end");
    link.assertNothingLeft();
  }

  @Test
  void chunksLeaveInOrderAndThenTheEnd() throws Exception {
    sink.write(fixture.chunk(1));
    sink.writeAsync(fixture.chunk(2));
    sink.write(fixture.chunk(3));
    CompletableFuture<Void> ended = sink.end().toCompletableFuture();
    assertThat(fixture.sent).isEmpty();
    assertThat(fixture.thread.executor.waiting()).as("wake-ups").isEqualTo(1);
    fixture.thread.executor.runAll();
    assertThat(ended).isNotDone();
    fixture.settle();

    assertThat(fixture.sent).containsExactly("1", "2", "3", "end");
    assertThat(ended).isCompleted();
    assertThat(sink.isWritable()).isFalse();
  }

  @Test
  void emptyChunksAreNotSent() throws Exception {
    sink.write(fixture.windows.bytes(0));
    assertThat(sink.writeAsync(fixture.windows.bytes(0))).isCompleted();
    fixture.settle();
    assertThat(fixture.sent).isEmpty();
  }

  @Test
  void aStreamThatIsNotOpenYetKeepsItsChunksAndItsEnd() {
    fixture.open = false;
    sink.writeAsync(fixture.chunk(1));
    sink.end();
    fixture.settle();
    assertThat(fixture.sent).isEmpty();
    fixture.open = true;
    fixture.thread.executor.run(sink::drain);
    assertThat(fixture.sent).containsExactly("1", "end");
  }

  @Test
  void aWriterIsToldOffTheConnectionsThreadWhenThereIsRoom() {
    fixture.thread.writable(false);
    assertThat(sink.writeAsync(fixture.chunk(1))).as("room is left").isCompleted();
    CompletableFuture<Void> full = sink.writeAsync(fixture.costing(SinkFixture.FULL));
    List<Boolean> onThread = new ArrayList<>();
    CompletableFuture<Void> told = full.thenRun(() -> onThread.add(fixture.thread.isCurrent()));
    fixture.settle();
    assertThat(full).isNotDone();
    assertThat(sink.isWritable()).isFalse();
    fixture.thread.writable(true);
    fixture.thread.executor.runAll();
    assertThat(full).isNotDone();
    fixture.callbacks.runAll();
    assertThat(told).isCompleted();
    assertThat(onThread).containsExactly(false);
    assertThat(sink.isWritable()).isTrue();
  }

  @Test
  void aPeerThatDoesNotReadIsAskedForOnce() {
    fixture.thread.writable(false);
    for (int number = 0; number < 5; number++) {
      sink.writeAsync(fixture.chunk(number));
      fixture.settle();
    }
    assertThat(fixture.thread.waitingForRoom()).isEqualTo(1);
    fixture.thread.writable(true);
    fixture.settle();
    assertThat(fixture.sent).containsExactly("0", "1", "2", "3", "4");
    fixture.thread.writable(false);
    sink.writeAsync(fixture.chunk(5));
    fixture.settle();
    assertThat(fixture.thread.waitingForRoom()).as("again").isEqualTo(1);
    sink.fail(gone());
  }

  @Test
  void aWriterThatNeverWaitsVoidsTheStreamAndNothingMoreLeaves() {
    List<CompletableFuture<Void>> futures = new ArrayList<>();
    for (int i = 0; i <= (4 << 20) / SinkFixture.FULL; i++) {
      futures.add(sink.writeAsync(fixture.costing(SinkFixture.FULL)));
    }
    CompletableFuture<Void> ended = sink.end().toCompletableFuture();
    assertThat(fixture.windows.memory()).as("nothing is held").isZero();
    fixture.settle();

    assertThat(fixture.sent).as("never a whole stream").isEmpty();
    assertThat(fixture.broken).hasSize(1);
    assertThat(fixture.broken.get(0))
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(RpcStatus.REJECTED))
        .hasMessageContaining("4194304 bytes wait");
    assertThat(futures).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(ended).isCompletedExceptionally();
  }

  @Test
  void oneChunkMayBeAsLargeAsItLikes() {
    fixture.thread.writable(false);
    CompletableFuture<Void> room = sink.writeAsync(fixture.costing(5 << 20));
    fixture.settle();
    assertThat(fixture.broken).isEmpty();
    fixture.thread.writable(true);
    fixture.settle();
    assertThat(room).isCompleted();
  }

  @Test
  void aFailureReleasesWhatWaitsAndTellsWhoeverWaits() {
    fixture.thread.writable(false);
    sink.writeAsync(fixture.chunk(1));
    CompletableFuture<Void> full = sink.writeAsync(fixture.costing(SinkFixture.FULL));
    CompletableFuture<Void> ended = sink.end().toCompletableFuture();
    sink.fail(gone());
    assertThat(fixture.windows.memory()).isZero();
    fixture.settle();

    assertThat(full).isCompletedExceptionally();
    assertThat(ended).isCompletedExceptionally();
    assertThat(sink.end().toCompletableFuture()).isCompletedExceptionally();
    assertThat(fixture.broken).isEmpty();
    fixture.thread.writable(true);
    fixture.settle();
    assertThat(fixture.sent).isEmpty();
  }

  @Test
  void afterAFailureNothingIsTaken() {
    sink.fail(gone());
    ByteBuf chunk = fixture.chunk(1);
    ByteBuf other = fixture.chunk(2);
    assertThatThrownBy(() -> sink.write(chunk))
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(RpcStatus.DISCONNECTED));
    assertThat(sink.writeAsync(other)).isCompletedExceptionally();
    assertThat(chunk.refCnt() + other.refCnt()).isZero();
  }

  @Test
  void afterTheEndNothingIsTaken() {
    sink.end();
    ByteBuf chunk = fixture.chunk(1);
    ByteBuf other = fixture.chunk(2);
    assertThatThrownBy(() -> sink.write(chunk))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended");
    assertThat(sink.writeAsync(other)).isCompletedExceptionally();
    assertThat(chunk.refCnt() + other.refCnt()).isZero();
    fixture.settle();
    sink.fail(gone());
    fixture.settle();
    assertThat(sink.end().toCompletableFuture()).as("it has ended before").isCompleted();
    assertThat(fixture.sent).containsExactly("end");
  }

  @Test
  void aDeadChunkIsTheWritersAndHarmsNothing() throws Exception {
    ByteBuf dead = fixture.chunk(1);
    dead.release();
    assertThatThrownBy(() -> sink.write(dead)).isInstanceOf(IllegalReferenceCountException.class);
    assertThat(sink.writeAsync(dead)).isCompletedExceptionally();
    sink.write(fixture.chunk(2));
    sink.end();
    fixture.settle();
    assertThat(fixture.sent).containsExactly("2", "end");
    assertThat(fixture.broken).isEmpty();
  }

  @Test
  void aChunkThatIsReleasedBehindItsBackVoidsTheStream() throws Exception {
    ByteBuf chunk = fixture.chunk(1);
    sink.write(chunk);
    sink.write(fixture.chunk(2));
    sink.end();
    chunk.release();
    fixture.settle();
    assertThat(fixture.sent).as("never a whole stream").isEmpty();
    assertThat(fixture.broken).hasSize(1);
  }

  @Test
  void aStreamThatFailsReleasesTheChunksBehindADeadOne() throws Exception {
    ByteBuf chunk = fixture.chunk(1);
    sink.write(chunk);
    sink.write(fixture.chunk(2));
    chunk.release();
    sink.fail(gone());
    assertThat(fixture.windows.memory()).isZero();
  }

  @Test
  void callbacksThatAreRefusedAreTold() {
    fixture.thread.writable(false);
    CompletableFuture<Void> full = sink.writeAsync(fixture.costing(SinkFixture.FULL));
    CompletableFuture<Void> ended = sink.end().toCompletableFuture();
    fixture.callbacks.reject(true);
    fixture.thread.writable(true);
    fixture.settle();
    assertThat(full).isCompleted();
    assertThat(ended).isCompleted();
  }

  @Test
  void aConnectionThatTakesNoTasksFailsTheStream() {
    fixture.thread.executor.reject(true);
    sink.writeAsync(fixture.chunk(1));
    CompletableFuture<Void> ended = sink.end().toCompletableFuture();
    fixture.settle();
    assertThat(fixture.windows.memory()).isZero();
    assertThat(ended).isCompletedExceptionally();
  }
}
