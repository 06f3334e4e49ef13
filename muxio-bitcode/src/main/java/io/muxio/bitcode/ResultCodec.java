package io.muxio.bitcode;

import java.util.List;

/** {@code Result<T, E>}, an enum of two variants. */
final class ResultCodec {
  private ResultCodec() {}

  static <T, E> BitcodeCodec<Result<T, E>> of(BitcodeCodec<T> ok, BitcodeCodec<E> err) {
    Variant<Result<T, E>> success =
        new Variant<>(
            "Ok", ok.map(Result.Ok::new, result -> ((Result.Ok<T, E>) result).value()), null, null);
    Variant<Result<T, E>> failure =
        new Variant<>(
            "Err",
            err.map(Result.Err::new, result -> ((Result.Err<T, E>) result).error()),
            null,
            null);
    return new VariantsCodec<>(
        "Result<" + ok + "," + err + ">",
        List.of(success, failure),
        result -> result instanceof Result.Ok ? 0 : 1);
  }
}
