package io.muxio.examples.chat;

/**
 * What somebody said.
 *
 * @param number one more than the message before
 * @param from who said it
 * @param text what was said
 */
public record ChatMessage(long number, String from, String text) {}
