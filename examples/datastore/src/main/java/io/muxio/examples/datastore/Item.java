package io.muxio.examples.datastore;

/**
 * A key and its value, as they travel. What may be a value is the server's to say. Equal to itself
 * only.
 *
 * @param key any bytes, also none; not copied
 * @param payload the value; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // travels as it is, is never compared
public record Item(byte[] key, byte[] payload) {}
