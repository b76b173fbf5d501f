// The C library, by one name on every platform: `import Libc`, and `Libc.open` where a method here hides the function.
#if canImport(Darwin)
  @_exported public import Darwin
#elseif canImport(Musl)
  @_exported public import Musl
#else
  @_exported public import Glibc
#endif
