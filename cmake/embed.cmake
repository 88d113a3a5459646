# Files that travel inside a program: bundled, minified, compressed by cmake/embed.mjs.
#
#   embed_assets(TARGET NAME name FILES url-name=path...)
#
# makes the static library TARGET from NAME.c, and NAME.h on the include path of whoever links it. A path is relative to
# the calling CMakeLists.txt. JavaScript and CSS may import from the npm packages of the root package.json.
find_program(NODE_PROGRAM NAMES node nodejs REQUIRED)
find_program(NPM_PROGRAM npm REQUIRED)

# The packages live in the build tree, so that two builds of one checkout never delete each other's.
set(SPORLOS_NPM_DIR ${PROJECT_BINARY_DIR}/npm)
set(SPORLOS_NODE_MODULES ${SPORLOS_NPM_DIR}/node_modules)
set(SPORLOS_NPM_STAMP ${SPORLOS_NPM_DIR}/installed.stamp)
file(MAKE_DIRECTORY ${SPORLOS_NPM_DIR})
set(npm_files ${PROJECT_SOURCE_DIR}/package.json ${PROJECT_SOURCE_DIR}/package-lock.json ${PROJECT_SOURCE_DIR}/.npmrc)
add_custom_command(
  OUTPUT ${SPORLOS_NPM_STAMP}
  COMMAND ${CMAKE_COMMAND} -E copy ${npm_files} ${SPORLOS_NPM_DIR}
  COMMAND ${NPM_PROGRAM} ci --ignore-scripts --prefer-offline --loglevel=error --no-progress
  COMMAND ${CMAKE_COMMAND} -E touch ${SPORLOS_NPM_STAMP}
  DEPENDS ${npm_files}
  WORKING_DIRECTORY ${SPORLOS_NPM_DIR}
  COMMENT "npm ci (only when the lock file changed)"
  VERBATIM)
add_custom_target(node_modules DEPENDS ${SPORLOS_NPM_STAMP})

function(embed_assets target)
  cmake_parse_arguments(arg "" "NAME" "FILES" ${ARGN})
  if(NOT arg_NAME OR NOT arg_FILES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "embed_assets(TARGET NAME name FILES url-name=path...)")
  endif()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME})
  set(pairs)
  set(paths)
  foreach(file ${arg_FILES})
    string(FIND ${file} "=" split)
    string(SUBSTRING ${file} 0 ${split} name)
    math(EXPR split "${split} + 1")
    string(SUBSTRING ${file} ${split} -1 path)
    get_filename_component(path ${path} ABSOLUTE)
    list(APPEND pairs ${name}=${path})
    list(APPEND paths ${path})
  endforeach()
  add_custom_command(
    OUTPUT ${out}.c ${out}.h
    COMMAND ${NODE_PROGRAM} ${PROJECT_SOURCE_DIR}/cmake/embed.mjs --modules ${SPORLOS_NODE_MODULES} --out ${out} ${pairs}
    DEPENDS ${PROJECT_SOURCE_DIR}/cmake/embed.mjs ${SPORLOS_NPM_STAMP} node_modules ${paths}
    DEPFILE ${out}.d # what the files import
    COMMENT "Embedding ${arg_NAME}"
    VERBATIM)
  add_library(${target} STATIC ${out}.c ${out}.h)
  target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_BINARY_DIR} PRIVATE ${PROJECT_SOURCE_DIR}/include)
endfunction()
