package io.muxio.codec.jackson;

import io.muxio.rpc.service.RpcCodec;
import io.muxio.rpc.service.RpcName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** A service in JSON. */
@RpcCodec(JacksonCodecFactory.class)
public interface Library {
  /** A book. */
  record Book(String title, List<String> authors, int year) {}

  @RpcName("library.find")
  CompletionStage<List<Book>> find(String author) throws Lost;

  @RpcName("library.lend")
  Map<String, Integer> lend(Book book, int days);

  @RpcName("library.all")
  Flow.Publisher<Book> all();

  @RpcName("library.clear")
  void clear();
}
