package io.muxio.benchmarks.codec;

/** Prints how many bytes each format takes for each shape, as a table in Markdown. */
public final class CodecSizes {
  private CodecSizes() {}

  /**
   * Prints the table.
   *
   * @param args none
   */
  public static void main(String[] args) throws Exception {
    StringBuilder table = new StringBuilder("| format |");
    for (Shape shape : Shape.values()) {
      table.append(' ').append(shape).append(" |");
    }
    table
        .append(System.lineSeparator())
        .append("|---|")
        .append("---|".repeat(Shape.values().length));
    for (FormatName format : FormatName.values()) {
      table.append(System.lineSeparator()).append("| ").append(format).append(" |");
      for (Shape shape : Shape.values()) {
        table.append(' ').append(format.of(shape).encode().length).append(" |");
      }
    }
    System.out.println(table);
  }
}
