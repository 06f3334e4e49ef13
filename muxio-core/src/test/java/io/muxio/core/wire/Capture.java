package io.muxio.core.wire;

import com.dynatrace.hash4j.hashing.Hashing;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.muxio.core.frame.FrameFormat;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A recorded session of published peers. */
public record Capture(String name, List<Message> messages) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HexFormat HEX = HexFormat.of();

  /** One WebSocket message, which in recordings is one frame. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Message(boolean fromClient, byte[] bytes) {}

  public static Stream<Capture> all() {
    URL folder = Capture.class.getResource("/captures");
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files
          .filter(file -> file.toString().endsWith(".jsonl"))
          .sorted()
          .map(Capture::read)
          .toList()
          .stream();
    } catch (IOException | URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Capture read(Path file) {
    try {
      List<Message> messages = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        JsonNode json = JSON.readTree(line);
        messages.add(new Message(json.get("dir").asText().equals("c2s"), bytes(json)));
      }
      return new Capture(file.getFileName().toString().replace(".jsonl", ""), messages);
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }

  /**
   * A long message is recorded by its head. Its payload goes on as it begins, each byte one more
   * than the last, modulo 251; the hash tells whether that was right.
   */
  private static byte[] bytes(JsonNode json) {
    if (json.has("hex")) {
      return HEX.parseHex(json.get("hex").asText());
    }
    byte[] head = HEX.parseHex(json.get("head_hex").asText());
    byte[] bytes = Arrays.copyOf(head, json.get("len").asInt());
    for (int i = head.length; i < bytes.length; i++) {
      bytes[i] = (byte) (((bytes[i - 1] & 0xff) + 1) % 251);
    }
    String hash = HEX.toHexDigits(Hashing.xxh3_64().hashBytesToLong(bytes));
    if (!hash.equals(json.get("xxh3").asText())) {
      throw new AssertionError("rebuilt message has hash " + hash + ", recorded: " + json);
    }
    return bytes;
  }

  /** What the recording's version speaks: 21 up to 0.14 and for the data store up to 0.16.3. */
  public FrameFormat format() {
    boolean old =
        name.startsWith("0.10.2") || name.startsWith("0.14.0") || name.endsWith("store-0.16.3");
    return old ? FrameFormat.GENERATION_21 : FrameFormat.GENERATION_13;
  }

  /** Old servers count their ids from 0, as clients do. */
  public boolean serverIdsLikeClient() {
    return Wire.frames(format().headerSize(), messages(false).get(0)).get(0).stream() >= 0;
  }

  /** The request id in the client's first frame. */
  public int firstRequestId() {
    byte[] payload = Wire.frames(format().headerSize(), messages(true).get(0)).get(0).payload();
    return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt(1);
  }

  public List<byte[]> messages(boolean fromClient) {
    return messages.stream()
        .filter(message -> message.fromClient == fromClient)
        .map(Message::bytes)
        .toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
