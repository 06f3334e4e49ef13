package io.muxio.bitcode;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/** Lists of any type. */
final class ListElements<T> extends Elements<List<T>> {
  private final BitcodeCodec<T> element;

  ListElements(BitcodeCodec<T> element) {
    this.element = element;
  }

  @Override
  Elements.Writer<List<T>> newWriter() {
    return new Writer<>(element.newWriter());
  }

  @Override
  Elements.Reader<List<T>> newReader() {
    return new Reader<>(element);
  }

  @Override
  ElementCost cost() {
    return element.zeroSized() ? ElementCost.ZERO_SIZED : ElementCost.COUNTED;
  }

  @Override
  Comparator<List<T>> order() {
    Comparator<T> order = element.order();
    return (a, b) -> compare(a.iterator(), b.iterator(), order);
  }

  @Override
  String vecName() {
    return "Vec<" + element + ">";
  }

  @Override
  String elementName() {
    return element.toString();
  }

  /** Compares element by element; a beginning comes before its continuation. */
  static <T> int compare(
      Iterator<? extends T> a, Iterator<? extends T> b, Comparator<? super T> order) {
    while (a.hasNext() && b.hasNext()) {
      int result = order.compare(a.next(), b.next());
      if (result != 0) {
        return result;
      }
    }
    return Boolean.compare(a.hasNext(), b.hasNext());
  }

  private static final class Writer<T> extends Elements.Writer<List<T>> {
    private final ColumnWriter<T> element;

    Writer(ColumnWriter<T> element) {
      this.element = element;
    }

    @Override
    int addAll(List<T> list) {
      int count = 0;
      element.expect(list.size());
      try {
        for (T value : list) {
          element.addNonNull(value);
          count++;
        }
      } catch (BitcodeException e) {
        throw e.within("[" + count + "]");
      }
      return count;
    }

    @Override
    void flush(Output out) {
      element.flush(out);
    }
  }

  private static final class Reader<T> extends Elements.Reader<List<T>> {
    private final ColumnReader<T> element;
    private final boolean zeroSized;

    Reader(BitcodeCodec<T> element) {
      this.element = element.newReader();
      this.zeroSized = element.zeroSized();
    }

    @Override
    void load(Input in, int count) {
      try {
        element.load(in, count);
      } catch (BitcodeException e) {
        throw e.within("[]");
      }
    }

    @Override
    List<T> take(int count) {
      if (count == 0) {
        return List.of();
      }
      int done = 0;
      try {
        if (zeroSized) {
          return Collections.nCopies(count, element.next());
        }
        @SuppressWarnings("unchecked") // Only values of T go in, and the array stays here.
        T[] values = (T[]) new Object[count];
        for (; done < count; done++) {
          values[done] = element.next();
        }
        return Collections.unmodifiableList(Arrays.asList(values));
      } catch (BitcodeException e) {
        throw e.within("[" + done + "]");
      }
    }
  }
}
