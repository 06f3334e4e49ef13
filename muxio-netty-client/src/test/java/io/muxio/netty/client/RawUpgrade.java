package io.muxio.netty.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/** The server's half of a WebSocket upgrade, for servers that do something else then. */
final class RawUpgrade {
  private static final String SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private RawUpgrade() {}

  /** Reads a request; gives what the answer says of its key. */
  static String readRequest(Socket client) throws IOException, GeneralSecurityException {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    String header = HttpHeaderNames.SEC_WEBSOCKET_KEY + ":";
    String key = "";
    for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
      if (line.regionMatches(true, 0, header, 0, header.length())) {
        key = line.substring(header.length()).trim();
      }
    }
    byte[] salted = (key + SALT).getBytes(StandardCharsets.US_ASCII);
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(salted));
  }

  /** The answer that lets a client in. */
  static String granted(String accept) {
    return String.join(
        "\r\n",
        "HTTP/1.1 101 Switching Protocols",
        "Connection: upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Accept: " + accept,
        "",
        "");
  }
}
