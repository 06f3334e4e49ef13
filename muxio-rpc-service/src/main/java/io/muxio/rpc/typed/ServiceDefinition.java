package io.muxio.rpc.typed;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** The methods of an interface that is a service. Immutable, made once for each interface. */
public final class ServiceDefinition {
  private static final ClassValue<ServiceDefinition> DEFINITIONS =
      new ClassValue<>() {
        @Override
        protected ServiceDefinition computeValue(Class<?> api) {
          return new ServiceDefinition(api, new ServiceReader(api).read());
        }
      };

  private final Class<?> api;
  private final Map<Method, ServiceMethod> methods;

  private ServiceDefinition(Class<?> api, Map<Method, ServiceMethod> methods) {
    this.api = api;
    this.methods = Map.copyOf(methods);
  }

  /**
   * The definition of an interface.
   *
   * @param api the interface
   * @return its definition
   * @throws IllegalArgumentException where it is no service; lists every method that is at fault,
   *     with the reason
   */
  public static ServiceDefinition of(Class<?> api) {
    return DEFINITIONS.get(api);
  }

  /**
   * The interface.
   *
   * @return as it was given
   */
  public Class<?> api() {
    return api;
  }

  /**
   * What is served.
   *
   * @return the methods, each once, in no order
   */
  public Collection<ServiceMethod> methods() {
    return Set.copyOf(methods.values());
  }

  /** The method that a proxy was called with. */
  ServiceMethod method(Method java) {
    ServiceMethod method = methods.get(java);
    if (method == null) {
      throw new IllegalStateException(java + " (expected: a method of " + api.getName() + ")");
    }
    return method;
  }
}
