package dev.ritsem.replication;

import dev.ritsem.log.Disk;
import dev.ritsem.log.DiskFile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A disk that refuses the operations it is told to refuse, and otherwise is the one behind it. */
final class FaultyDisk {
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Disk disk;

  FaultyDisk(Disk target) {
    this.disk = proxy(Disk.class, target);
  }

  Disk disk() {
    return disk;
  }

  /** Refuses operations of files and directories by their names: "write", "force", "open". */
  void refuse(String... operations) {
    refused.addAll(Set.of(operations));
  }

  void refuseNothing() {
    refused.clear();
  }

  private <T> T proxy(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call(target, method, arguments)));
  }

  private Object call(Object target, Method method, Object[] arguments) throws Throwable {
    if (refused.contains(method.getName())) {
      throw new IOException("this disk refuses to " + method.getName());
    }
    try {
      Object result = method.invoke(target, arguments);
      return result instanceof DiskFile file ? proxy(DiskFile.class, file) : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
