package io.claviger.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import io.claviger.attack.IssuedSecrets.Secret;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds secrets in bytes, also if only part of one is left, as in a reused buffer. It searches for
 * a secret's consecutive pieces of 20 characters and for its last 20, so it finds every run of 39.
 * It searches one-byte and two-byte encodings, in both byte orders. Of a token only the signature
 * counts, because the claims are no secret. Immutable.
 */
final class ByteSearch {

  private static final int PIECE = 20;
  private static final int KEY_BYTES = 8;
  private static final int FILTER_BITS = 22;
  private static final List<Charset> ENCODINGS = List.of(ISO_8859_1, UTF_16BE, UTF_16LE);

  private final Map<Long, List<Piece>> byStart = new HashMap<>();
  private final BitSet filter = new BitSet(1 << FILTER_BITS);

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Piece(Secret secret, byte[] bytes) {
    boolean isAt(byte[] text, int from) {
      if (from + bytes.length > text.length) {
        return false;
      }
      for (int i = 0; i < bytes.length; i++) {
        if (text[from + i] != bytes[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /** Searches for these. */
  ByteSearch(Collection<Secret> secrets) {
    secrets.forEach(this::add);
  }

  private void add(Secret secret) {
    String text = secret.text().substring(secret.text().lastIndexOf('.') + 1);
    for (int from = 0; from + PIECE <= text.length(); from += PIECE) {
      addPiece(secret, text.substring(from, from + PIECE));
    }
    if (text.length() % PIECE != 0) {
      addPiece(secret, text.substring(Math.max(0, text.length() - PIECE)));
    }
  }

  private void addPiece(Secret secret, String piece) {
    for (Charset encoding : ENCODINGS) {
      Piece encoded = new Piece(secret, piece.getBytes(encoding));
      if (encoded.bytes().length < KEY_BYTES) {
        throw new IllegalArgumentException("too short to differ from random bytes: " + secret);
      }
      long key = key(encoded.bytes());
      byStart.computeIfAbsent(key, absent -> new ArrayList<>()).add(encoded);
      filter.set(slot(key));
    }
  }

  private static long key(byte[] bytes) {
    long key = 0;
    for (int i = 0; i < KEY_BYTES; i++) {
      key = key << Byte.SIZE | (bytes[i] & 0xff);
    }
    return key;
  }

  private static int slot(long key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - FILTER_BITS));
  }

  /** The secrets in the bytes, each once. */
  Set<Secret> in(byte[] bytes) {
    Set<Secret> found = new LinkedHashSet<>();
    long key = 0;
    for (int end = 0; end < bytes.length; end++) {
      key = key << Byte.SIZE | (bytes[end] & 0xff);
      int start = end - KEY_BYTES + 1;
      if (start >= 0 && filter.get(slot(key))) {
        for (Piece piece : byStart.getOrDefault(key, List.of())) {
          if (piece.isAt(bytes, start)) {
            found.add(piece.secret());
          }
        }
      }
    }
    return found;
  }
}
