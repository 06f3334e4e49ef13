package io.muxio.netty.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tokens that do not change, of which only the digests are kept. Immutable. */
final class KnownTokens {
  private final List<Map.Entry<byte[], Principal>> all = new ArrayList<>();

  KnownTokens(Map<String, ? extends Principal> principals) {
    principals.forEach((token, principal) -> all.add(Map.entry(digestOf(token), principal)));
  }

  /** Looks at all of them whatever it has found, so that its time tells nothing. */
  Optional<Principal> principalOf(String token) {
    byte[] digest = digestOf(token);
    Optional<Principal> found = Optional.empty();
    for (Map.Entry<byte[], Principal> known : all) {
      if (MessageDigest.isEqual(known.getKey(), digest)) {
        found = Optional.of(known.getValue());
      }
    }
    return found;
  }

  private static byte[] digestOf(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
