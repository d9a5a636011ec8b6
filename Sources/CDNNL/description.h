#pragma once
#include <oneapi/dnnl/dnnl.h>

// oneDNN 3 replaced operation descriptors by arguments of the primitive descriptor's constructor
// and made memory descriptors opaque. These few wrappers are the whole difference.
#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t desc;
typedef const_dnnl_memory_desc_t const_desc;
static const_desc borrow(const desc *d) { return *d; }
static dnnl_status_t describe(desc *d, int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_create_with_tag(d, rank, dims, dnnl_f32, tag);
}
static void forget(desc *d) {
  if (*d) dnnl_memory_desc_destroy(*d);
}
#else
typedef dnnl_memory_desc_t desc;
typedef const dnnl_memory_desc_t *const_desc;
static const_desc borrow(const desc *d) { return d; }
static dnnl_status_t describe(desc *d, int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_init_by_tag(d, rank, dims, dnnl_f32, tag);
}
static void forget(desc *d) { (void)d; }
#endif

/// Copies between two layouts of the same array.
static dnnl_status_t reorder(
    dnnl_engine_t engine, dnnl_stream_t stream, dnnl_memory_t from, const_desc from_desc,
    dnnl_memory_t to, const_desc to_desc) {
  dnnl_primitive_desc_t description = NULL;
  dnnl_primitive_t primitive = NULL;
  dnnl_status_t status =
      dnnl_reorder_primitive_desc_create(&description, from_desc, engine, to_desc, engine, NULL);
  if (!status) status = dnnl_primitive_create(&primitive, description);
  if (!status) {
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
    status = dnnl_primitive_execute(primitive, stream, 2, arguments);
    if (!status) status = dnnl_stream_wait(stream);
  }
  if (primitive) dnnl_primitive_destroy(primitive);
  if (description) dnnl_primitive_desc_destroy(description);
  return status;
}
