package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.MethodId;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Methods by id. */
final class MethodTable {
  private record Entry(String name, Registration registration) {}

  private final Long2ObjectOpenHashMap<Entry> entries;

  MethodTable() {
    this(new Long2ObjectOpenHashMap<>());
  }

  private MethodTable(Long2ObjectOpenHashMap<Entry> entries) {
    this.entries = entries;
  }

  void add(long id, String name, Registration registration) {
    Entry other = entries.putIfAbsent(id, new Entry(name, registration));
    if (other == null) {
      return;
    }
    throw new IllegalArgumentException(
        other.name.equals(name)
            ? "method '" + name + "' is registered twice"
            : "methods '"
                + other.name
                + "' and '"
                + name
                + "' have the same id "
                + MethodId.toString(id)
                + "; rename one of them");
  }

  void addAll(MethodTable others) {
    others.entries.forEach((id, entry) -> add(id, entry.name, entry.registration));
  }

  @Nullable Registration find(long id) {
    Entry entry = entries.get(id);
    return entry == null ? null : entry.registration;
  }

  /** The same methods behind interceptors. */
  MethodTable behind(List<HandlerInterceptor> interceptors) {
    MethodTable result = new MethodTable(entries.clone());
    if (!interceptors.isEmpty()) {
      result.entries.replaceAll(
          (id, entry) -> new Entry(entry.name, entry.registration.behind(interceptors)));
    }
    return result;
  }
}
