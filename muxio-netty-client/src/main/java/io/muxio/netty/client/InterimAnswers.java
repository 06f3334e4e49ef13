package io.muxio.netty.client;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;

/** What may come before the answer to one request, such as 103 Early Hints, and says nothing. */
final class InterimAnswers {
  private static final int MAX = 16;

  private int skipped;

  /**
   * Whether another answer has to be waited for.
   *
   * @param answer the next one
   * @return false for 101, for what is no interim answer, and where there were too many
   */
  boolean skips(HttpResponse answer) {
    HttpResponseStatus status = answer.status();
    return status.codeClass() == HttpStatusClass.INFORMATIONAL
        && !status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)
        && skipped++ < MAX;
  }
}
