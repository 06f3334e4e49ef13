package io.muxio.rpc.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.typed.ServiceMethod.Answer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an interface is as a service, and why it cannot be one. */
class ServiceDefinitionTest {
  private static Map<String, ServiceMethod> methodsOf(Class<?> api) {
    return ServiceDefinition.of(api).methods().stream()
        .collect(Collectors.toMap(method -> method.rpc().name(), Function.identity()));
  }

  private static String hex(Codec<Object[]> codec, Object... values) {
    ByteBuf bytes = codec.encode(values, ByteBufAllocator.DEFAULT);
    try {
      return ByteBufUtil.hexDump(bytes);
    } finally {
      bytes.release();
    }
  }

  @Test
  void eachMethodAnswersInItsWay() {
    Map<String, ServiceMethod> methods = methodsOf(Interfaces.Good.class);

    assertThat(methods)
        .containsOnlyKeys(
            "value",
            "nothing",
            "no.value",
            "stage",
            "stage.of.nothing",
            "publisher",
            "both",
            "overload",
            "overload.text");
    assertThat(methods.get("value").answer()).isEqualTo(Answer.VALUE);
    assertThat(methods.get("stage").answer()).isEqualTo(Answer.STAGE);
    assertThat(methods.get("both").answer()).isEqualTo(Answer.PUBLISHER);
    assertThat(methods.values())
        .filteredOn(ServiceMethod::answersNothing)
        .extracting(method -> method.rpc().name())
        .containsExactlyInAnyOrder("nothing", "no.value", "stage.of.nothing");
    assertThat(methods.values())
        .filteredOn(method -> method.stream() != null)
        .extracting(method -> method.rpc().name())
        .containsExactlyInAnyOrder("publisher", "both");
    assertThat(methods.get("both").rpc().errors())
        .extracting(Object::toString)
        .containsExactly("Refused");
    assertThat(methods.get("both").items()).isNotNull();
  }

  /** As the format of bitcode has them: a struct of one field is its field, nothing is no byte. */
  @Test
  void parametersAreTheValueOrAStruct() {
    Map<String, ServiceMethod> methods = methodsOf(Interfaces.Good.class);

    assertThat(hex(methods.get("nothing").rpc().requestCodec())).isEmpty();
    assertThat(hex(methods.get("value").rpc().requestCodec(), new double[] {8, 3, 7}))
        .as("what a published client sends for math.add")
        .isEqualTo("03" + "00" + "0000000000002040" + "0000000000000840" + "0000000000001c40");
    assertThat(hex(methods.get("stage.of.nothing").rpc().requestCodec(), new byte[] {7, 8}))
        .as("lone bytes")
        .isEqualTo("0708");
    assertThat(
            hex(
                methods.get("stage").rpc().requestCodec(),
                225,
                new Interfaces.Named("hi"),
                new byte[] {7, 8}))
        .isEqualTo("04e1" + "02" + "6869" + "02" + "0708");
  }

  @Test
  void isMadeOnce() {
    assertThat(ServiceDefinition.of(Interfaces.Good.class))
        .isSameAs(ServiceDefinition.of(Interfaces.Good.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "withoutName(): has no @RpcName (expected: its name on the wire)",
        "two(): has the name 'same' of one()",
        "generic(): is generic (expected: types that are known)",
        "type(Object): parameter 1: ",
        "buffer(int, ByteBuf): the parameters: ",
        "answer(): the answer: ",
        "length(byte[]): parameter 1: @FixedLength on lone bytes, byte[], which travel as they are",
        "form(): the answer: @I8 on lone bytes, byte[], which travel as they are (expected: no"
            + " annotation, or a record with such a component)",
        "itemForm(): the answer: @I8 on lone bytes",
        "misfit(int): parameter 1: @U32 does not fit int, expected ",
        "raw(): the answer: java.util.concurrent.CompletionStage without the type of its values",
        "publisher(Publisher, int): parameter 1: is a publisher (expected: the last parameter only)",
        "items(Publisher): the last parameter's items: ",
        "checked(): throws java.io.IOException (expected: an ApplicationException)",
        "unmade(): throws io.muxio.rpc.typed.Interfaces$Unmade, which has no constructor (expected:"
            + " public (String, java.lang.Integer))",
        "names(): names: two errors of the name Refused (expected: different names)",
        "local(): is a default method, which runs where it is called",
        "codec(): @RpcCodec(io.muxio.rpc.typed.Interfaces$NoCodecs) cannot be made"
      })
  void everyProblemIsTold(String problem) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceDefinition.of(Interfaces.Bad.class))
        .withMessageStartingWith("io.muxio.rpc.typed.Interfaces$Bad cannot be a service: ")
        .withMessageContaining(problem);
  }

  @Test
  void theInterfaceHasToBePublicAndNotGeneric() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceDefinition.of(Interfaces.Generic.class))
        .withMessageContaining("it is generic");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceDefinition.of(Interfaces.Hidden.class))
        .withMessageContaining("Interfaces$Hidden is not public");
  }

  @ParameterizedTest
  @CsvSource({
    "java.lang.String, a class",
    "io.muxio.rpc.typed.Interfaces$Named, a record",
    "io.muxio.rpc.service.RpcName, an annotation",
    "java.lang.Thread$State, an enum"
  })
  void onlyAnInterfaceIsOne(Class<?> type, String kind) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceDefinition.of(type))
        .withMessage(
            type.getName()
                + " cannot be a service: it is "
                + kind
                + " (expected: a public interface whose methods have @RpcName)");
  }

  @Test
  void aMethodOfTwoInterfacesIsServedOnce() throws ReflectiveOperationException {
    ServiceDefinition definition = ServiceDefinition.of(Interfaces.Diamond.class);

    assertThat(definition.methods())
        .extracting(method -> method.rpc().name())
        .containsExactlyInAnyOrder("same", "apart");
    assertThat(definition.method(Interfaces.Left.class.getMethod("same", int.class)))
        .isSameAs(definition.method(Interfaces.Right.class.getMethod("same", int.class)));
  }

  @Test
  void methodsOfTwoInterfacesThatDifferOnTheWireAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceDefinition.of(Interfaces.NoDiamond.class))
        .withMessageContaining(
            "io.muxio.rpc.typed.Interfaces$Left.apart(): has the name 'apart' of"
                + " io.muxio.rpc.typed.Interfaces$Apart.apart()");
  }

  @Test
  void codecsAreChosenByTheInterface() {
    RpcMethod<Object[], Object> text = methodsOf(Interfaces.Chosen.class).get("text").rpc();
    assertThat(hex(text.requestCodec(), "ab")).isEqualTo("6162");
    assertThat((Object) text.responseCodec()).isSameAs(Codec.utf8());
    assertThat((Object) methodsOf(Interfaces.Chosen.class).get("bytes").rpc().responseCodec())
        .as("lone bytes")
        .isSameAs(Codec.bytes());
  }

  @Test
  void codecsAreChosenByTheMethod() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceDefinition.of(Interfaces.ChosenTwice.class))
        .withMessageContaining(
            "two(String, String): the parameters: 2 parameters (expected: at most one with "
                + Interfaces.Texts.class.getName())
        .withMessageContaining("other(String, String): the parameters: more texts");
  }
}
