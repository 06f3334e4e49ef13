package io.muxio.examples.datastore;

/**
 * A key, as a request of its own: a struct with one field, which is not the bytes as they are.
 * Equal to itself only.
 *
 * @param bytes any, also none; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // travels as it is, is never compared
public record Key(byte[] bytes) {}
