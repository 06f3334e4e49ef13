package io.muxio.bitcode;

/**
 * Constructors of three and more arguments; for one and two there are {@code java.util.function}'s.
 */
public final class Factory {
  private Factory() {}

  /**
   * Makes a value of three.
   *
   * @param <A> the type of the first
   * @param <B> the type of the second
   * @param <C> the type of the third
   * @param <R> the type of the result
   */
  @FunctionalInterface
  public interface Of3<A, B, C, R> {
    /**
     * Makes the value.
     *
     * @param a the first
     * @param b the second
     * @param c the third
     * @return the value
     */
    R create(A a, B b, C c);
  }

  /**
   * Makes a value of four.
   *
   * @param <A> the type of the first
   * @param <B> the type of the second
   * @param <C> the type of the third
   * @param <D> the type of the fourth
   * @param <R> the type of the result
   */
  @FunctionalInterface
  public interface Of4<A, B, C, D, R> {
    /**
     * Makes the value.
     *
     * @param a the first
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @return the value
     */
    R create(A a, B b, C c, D d);
  }

  /**
   * Makes a value of five.
   *
   * @param <A> the type of the first
   * @param <B> the type of the second
   * @param <C> the type of the third
   * @param <D> the type of the fourth
   * @param <E> the type of the fifth
   * @param <R> the type of the result
   */
  @FunctionalInterface
  public interface Of5<A, B, C, D, E, R> {
    /**
     * Makes the value.
     *
     * @param a the first
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @param e the fifth
     * @return the value
     */
    R create(A a, B b, C c, D d, E e);
  }

  /**
   * Makes a value of six.
   *
   * @param <A> the type of the first
   * @param <B> the type of the second
   * @param <C> the type of the third
   * @param <D> the type of the fourth
   * @param <E> the type of the fifth
   * @param <F> the type of the sixth
   * @param <R> the type of the result
   */
  @FunctionalInterface
  public interface Of6<A, B, C, D, E, F, R> {
    /**
     * Makes the value.
     *
     * @param a the first
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @param e the fifth
     * @param f the sixth
     * @return the value
     */
    R create(A a, B b, C c, D d, E e, F f);
  }

  /**
   * Makes a value of seven.
   *
   * @param <A> the type of the first
   * @param <B> the type of the second
   * @param <C> the type of the third
   * @param <D> the type of the fourth
   * @param <E> the type of the fifth
   * @param <F> the type of the sixth
   * @param <G> the type of the seventh
   * @param <R> the type of the result
   */
  @FunctionalInterface
  public interface Of7<A, B, C, D, E, F, G, R> {
    /**
     * Makes the value.
     *
     * @param a the first
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @param e the fifth
     * @param f the sixth
     * @param g the seventh
     * @return the value
     */
    R create(A a, B b, C c, D d, E e, F f, G g);
  }
}
