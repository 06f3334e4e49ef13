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
import java.util.Set;

/** Reads an interface, and finds all that is wrong with it before it complains. */
final class ServiceReader {
  private final Class<?> api;
  private final List<String> problems = new ArrayList<>();
  private final Map<Method, ServiceMethod> methods = new HashMap<>();
  private final Map<String, Method> byName = new HashMap<>();

  ServiceReader(Class<?> api) {
    this.api = api;
  }

  /** Gives each method, those that are the same in several interfaces as one. */
  Map<Method, ServiceMethod> read() {
    if (!api.isInterface() || api.isAnnotation()) {
      throw new IllegalArgumentException(
          api.getName()
              + " cannot be a service: it is "
              + kindOf(api)
              + " (expected: a public interface whose methods have @RpcName)");
    }
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
    if (other == null) {
      methods.put(
          method, new MethodReader(method, TypeCodecs.of(api, method)).read(annotation.value()));
    } else if (!isSame(method, other)) {
      throw new IllegalArgumentException(
          "has the name '" + annotation.value() + "' of " + nameOf(other));
    } else if (methods.containsKey(other)) {
      methods.put(method, methods.get(other));
    }
  }

  /** Whether two interfaces have a method alike, which one implementation serves. */
  private boolean isSame(Method method, Method other) {
    return method.getName().equals(other.getName())
        && method.getAnnotatedReturnType().equals(other.getAnnotatedReturnType())
        && Arrays.equals(method.getAnnotatedParameterTypes(), other.getAnnotatedParameterTypes())
        && Set.of(method.getExceptionTypes()).equals(Set.of(other.getExceptionTypes()))
        && TypeCodecs.chosen(api, method) == TypeCodecs.chosen(api, other);
  }

  private static String kindOf(Class<?> type) {
    return type.isAnnotation()
        ? "an annotation"
        : type.isRecord()
            ? "a record"
            : type.isEnum() ? "an enum" : type.isPrimitive() ? "a primitive type" : "a class";
  }

  /** Such as {@code add(double[])}, with the interface where that is another one. */
  private String nameOf(Method method) {
    Class<?> declaring = method.getDeclaringClass();
    StringBuilder name = new StringBuilder(declaring == api ? "" : declaring.getName() + ".");
    name.append(method.getName()).append('(');
    for (Class<?> type : method.getParameterTypes()) {
      name.append(name.charAt(name.length() - 1) == '(' ? "" : ", ").append(type.getSimpleName());
    }
    return name.append(')').toString();
  }
}
