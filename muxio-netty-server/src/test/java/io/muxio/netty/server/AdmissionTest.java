package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Principal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an authenticator can say. */
class AdmissionTest {
  private static final Principal ADA = () -> "Ada";

  @Test
  void admitted() {
    assertThat(Admission.admit(ADA).isAdmitted()).isTrue();
    assertThat(Admission.admit(ADA).principal()).isSameAs(ADA);
    assertThat(Admission.admit(ADA).status()).isEqualTo(101);
    assertThat(Admission.anonymous().isAdmitted()).isTrue();
    assertThat(Admission.anonymous().principal()).isNull();
  }

  @Test
  void refused() {
    Admission refusal = Admission.unauthorized("Basic realm=\"a\"");
    assertThat(refusal.isAdmitted()).isFalse();
    assertThat(refusal.principal()).isNull();
    assertThat(refusal.status()).isEqualTo(401);
    assertThat(refusal.headers().get("www-authenticate")).isEqualTo("Basic realm=\"a\"");
    assertThat(Admission.forbidden().status()).isEqualTo(403);
    assertThat(Admission.refuse(599)).hasToString("refused: 599 Server Error (599)");
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0", "PT0.001S, 1", "PT1S, 1", "PT1.000000001S, 2", "PT1H, 3600"})
  void aTimeIsRoundedUpToSeconds(Duration time, String seconds) {
    Admission refusal = Admission.tooManyRequests(time);
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.headers().get("Retry-After")).isEqualTo(seconds);
  }

  @Test
  void aRefusalIsNotChanged() {
    Admission plain = Admission.forbidden();
    Admission more = plain.header("X", "1").header("X", "2").text("why");
    assertThat(plain.headers().isEmpty()).isTrue();
    assertThat(plain.text()).isEmpty();
    assertThat(more.headers().getAll("x")).containsExactly("1", "2");
    assertThat(more.text()).isEqualTo("why");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 100, 101, 200, 302, 399, 600})
  void otherStatusesRefuseNobody(int status) {
    assertThatThrownBy(() -> Admission.refuse(status))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("status: " + status + " (expected: 400 to 599)");
  }

  @Test
  void whatCannotBeSentIsRefused() {
    Admission refusal = Admission.forbidden();
    assertThatThrownBy(() -> refusal.header("X", "a\r\nSet-Cookie: b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> refusal.header("X: b\r\n", "a"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Admission.unauthorized("a\nb"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Admission.tooManyRequests(Duration.ofSeconds(-1)))
        .hasMessage("retryAfter: PT-1S (expected: 0 or more)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"connection", "Content-Length", "Transfer-Encoding"})
  void whereAnAnswerEndsIsTheServers(String header) {
    assertThatThrownBy(() -> Admission.forbidden().header(header, "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("header: " + header + " (expected: none of the server's)");
  }

  @Test
  void anAdmissionHasNoAnswer() {
    assertThatThrownBy(() -> Admission.anonymous().header("X", "1"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("header for a client that is let in (expected: refused)");
    assertThatThrownBy(() -> Admission.admit(ADA).text("x"))
        .isInstanceOf(IllegalStateException.class);
  }
}
