package io.muxio.codec.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcCodec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcName;
import io.muxio.testkit.InMemoryLink;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service in JSON, and what its bytes are. */
class JacksonCodecFactoryTest {
  private static final Library.Book EMMA = new Library.Book("Emma", List.of("Jane Austen"), 1815);
  private static final String EMMA_JSON =
      "{\"title\":\"Emma\",\"authors\":[\"Jane Austen\"],\"year\":1815}";

  private InMemoryLink link;
  private Library library;

  private static final class Shelf implements Library {
    @Override
    public CompletionStage<List<Book>> find(String author) {
      return author.isEmpty()
          ? CompletableFuture.failedFuture(new Lost("lost", EMMA))
          : CompletableFuture.completedFuture(List.of(EMMA));
    }

    @Override
    public Map<String, Integer> lend(Book book, int days) {
      return Map.of(book.title(), days);
    }

    @Override
    public Flow.Publisher<Book> all() {
      return subscriber -> {
        try (SubmissionPublisher<Book> books = new SubmissionPublisher<>()) {
          books.subscribe(subscriber);
          books.submit(EMMA);
        }
      };
    }

    @Override
    public void clear() {}
  }

  /** Jackson cannot choose between its getters. */
  public static final class Torn {
    @JsonProperty("page")
    public int first() {
      return 1;
    }

    @JsonProperty("page")
    public int last() {
      return 2;
    }
  }

  /** What no value could change. */
  @RpcCodec(JacksonCodecFactory.class)
  public interface Unreadable {
    @RpcName("torn")
    void torn(int page, Torn torn);

    @RpcName("due")
    Instant due();
  }

  @Test
  void aTypeThatJacksonCannotMapIsRefusedWhenTheServiceIsMade() {
    assertThatThrownBy(() -> link.client().caller().service(Unreadable.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("torn(int, Torn): the parameters: JSON: Conflicting getter")
        .hasMessageContaining(
            "due(): the answer: JSON: Jackson does not know java.time.Instant (expected: a mapper"
                + " with the module that knows it)");
  }

  @BeforeEach
  void connect() {
    link = InMemoryLink.to(RpcEndpoint.builder().service(Library.class, new Shelf()).build());
    library = link.client().caller().service(Library.class);
  }

  @AfterEach
  void disconnect() {
    link.close();
    Awaitility.await().until(() -> link.allocatedBytes() == 0); // handlers end after they answer
  }

  private String call(String method, String json) {
    RpcMethod<String, String> raw = RpcMethod.unary(method, Codec.utf8(), Codec.utf8());
    return link.client().caller().call(raw, json).join();
  }

  @Test
  void valuesComeAndGo() throws Exception {
    assertThat(library.find("Austen").toCompletableFuture().join()).containsExactly(EMMA);
    assertThat(library.lend(EMMA, 14)).isEqualTo(Map.of("Emma", 14));
    library.clear();
    AtomicReference<Library.Book> book = new AtomicReference<>();
    assertThat(consume(library.all(), book).get(20, TimeUnit.SECONDS)).isNull();
    assertThat(book.get()).isEqualTo(EMMA);
  }

  private static CompletableFuture<Void> consume(
      Flow.Publisher<Library.Book> books, AtomicReference<Library.Book> last) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    books.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(Library.Book book) {
            last.set(book);
          }

          @Override
          public void onError(Throwable cause) {
            done.completeExceptionally(cause);
          }

          @Override
          public void onComplete() {
            done.complete(null);
          }
        });
    return done;
  }

  @Test
  void theBytesAreJson() {
    assertThat(call("library.find", "\"Austen\"")).isEqualTo("[" + EMMA_JSON + "]");
    assertThat(call("library.lend", "[" + EMMA_JSON + ", 14]")).isEqualTo("{\"Emma\":14}");
  }

  @Test
  void anErrorsDataIsJsonToo() {
    assertThatThrownBy(() -> library.find("").toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(Lost.class, lost -> assertThat(lost.data()).isEqualTo(EMMA));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "library.find; \"a\" 1; JSON: Trailing token",
        "library.find; null; JSON: null (expected: a value)",
        "library.find; {; JSON: ",
        "library.lend; 1; JSON: VALUE_NUMBER_INT (expected: START_ARRAY)",
        "library.lend; [null, 1]; JSON: parameter 1 is null",
        "library.lend; []; JSON: 0 parameters (expected: 2)",
        "library.lend; [{\"title\":\"a\"}, 1, 2]; JSON: VALUE_NUMBER_INT (expected: END_ARRAY)",
        "library.lend; [{\"title\":\"a\"}, 1] 2; JSON: VALUE_NUMBER_INT (expected: the end)",
        "library.lend; [{\"title\":\"a\"}, 1; JSON: Unexpected end-of-input"
      })
  void whatIsNoSuchJsonIsRefused(String method, String json, String reason) {
    assertThatThrownBy(() -> call(method, json))
        .cause()
        .isInstanceOf(RpcException.class)
        .hasMessageContaining("the request cannot be decoded: ")
        .hasMessageContaining(reason);
  }
}
