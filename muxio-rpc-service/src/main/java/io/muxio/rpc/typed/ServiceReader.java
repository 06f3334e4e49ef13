package io.muxio.rpc.typed;

import io.muxio.rpc.service.RpcName;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads an interface, and finds all that is wrong with it before it complains. */
final class ServiceReader {
  private final Class<?> api;
  private final List<String> problems = new ArrayList<>();
  private final List<ServiceMethod> methods = new ArrayList<>();
  private final Map<String, Method> byName = new HashMap<>();

  ServiceReader(Class<?> api) {
    this.api = api;
  }

  List<ServiceMethod> read() {
    checkInterface();
    Method[] declared = api.getMethods();
    Arrays.sort(declared, Comparator.comparing(Method::toString));
    for (Method method : declared) {
      if (isServed(method)) {
        try {
          read(method);
        } catch (IllegalArgumentException e) {
          problems.add(nameOf(method) + ": " + e.getMessage());
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          api.getName() + " cannot be a service: " + String.join("; ", problems));
    }
    return methods;
  }

  private void checkInterface() {
    if (!api.isInterface() || api.isAnnotation()) {
      problems.add("it is not an interface");
    }
    for (Class<?> type = api; type != null; type = type.getEnclosingClass()) {
      if (!Modifier.isPublic(type.getModifiers())) {
        problems.add(type.getName() + " is not public");
      }
    }
    if (api.getTypeParameters().length > 0) {
      problems.add("it is generic");
    }
  }

  private boolean isServed(Method method) {
    if (method.isBridge()) {
      return false; // the compiler's, with the annotations of the method that it calls
    }
    int modifiers = method.getModifiers();
    if (Modifier.isAbstract(modifiers)) {
      return !isOfObject(method);
    }
    if (method.isAnnotationPresent(RpcName.class)) {
      problems.add(
          nameOf(method)
              + ": is "
              + (Modifier.isStatic(modifiers) ? "static" : "a default method")
              + ", which runs where it is called (expected: abstract, or no @RpcName)");
    }
    return false;
  }

  /** Such as {@code toString}, which an interface may declare again. */
  private static boolean isOfObject(Method method) {
    try {
      Object.class.getMethod(method.getName(), method.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private void read(Method method) {
    RpcName annotation = method.getAnnotation(RpcName.class);
    if (annotation == null) {
      throw new IllegalArgumentException("has no @RpcName (expected: its name on the wire)");
    }
    Method other = byName.putIfAbsent(annotation.value(), method);
    if (other != null) {
      throw new IllegalArgumentException(
          "has the name '" + annotation.value() + "' of " + nameOf(other));
    }
    methods.add(new MethodReader(method, TypeCodecs.of(api, method)).read(annotation.value()));
  }

  /** Such as {@code add(double[])}. */
  private static String nameOf(Method method) {
    StringBuilder name = new StringBuilder(method.getName()).append('(');
    for (Class<?> type : method.getParameterTypes()) {
      name.append(name.charAt(name.length() - 1) == '(' ? "" : ", ").append(type.getSimpleName());
    }
    return name.append(')').toString();
  }
}
