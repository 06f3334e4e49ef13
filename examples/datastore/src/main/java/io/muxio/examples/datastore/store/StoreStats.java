package io.muxio.examples.datastore.store;

/**
 * What a store is like at one moment.
 *
 * @param entries keys that have a value
 * @param chunks pieces of values that lie in pieces, those included that are garbage
 * @param garbage values in pieces that no entry has: being written, or to be deleted
 * @param tail as {@link Store#tail()}
 * @param fileBytes length of the data file
 * @param usedBytes bytes of pages in use
 * @param freeBytes bytes of pages that will be used again, and what it takes to know them
 * @param maxBytes what the data file may grow to
 * @param depth pages from the root of the entries to a leaf; 0 where there are none
 * @param transaction number of the newest transaction
 */
public record StoreStats(
    long entries,
    long chunks,
    long garbage,
    long tail,
    long fileBytes,
    long usedBytes,
    long freeBytes,
    long maxBytes,
    int depth,
    long transaction) {}
