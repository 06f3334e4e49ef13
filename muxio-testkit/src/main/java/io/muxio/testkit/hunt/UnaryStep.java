package io.muxio.testkit.hunt;

import java.util.List;

/**
 * A unary call.
 *
 * @param id see {@link Step}
 * @param toServer see {@link Step}
 * @param mode see {@link Step}
 * @param leaving see {@link Step}
 * @param requestSize bytes behind its id
 * @param answerSize bytes
 * @param fails whether its handler throws instead
 * @param atOnce whether its children are called together, not one after the other
 * @param children see {@link Step}
 */
record UnaryStep(
    int id,
    boolean toServer,
    Mode mode,
    Leaving leaving,
    int requestSize,
    int answerSize,
    boolean fails,
    boolean atOnce,
    List<Step> children)
    implements Step {

  @Override
  public boolean isStalled() {
    return false;
  }
}
