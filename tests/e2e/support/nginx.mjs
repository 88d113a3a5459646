// An nginx for one test: everything it writes is in the test's folder, and it has no log of requests.
// http: the lines of the http block.
export const nginxConfiguration = (directory, http) => `
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${directory}/nginx.pid;
error_log stderr crit;
events { worker_connections 256; }
http {
    access_log off;
    ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/nginx-${name};`).join('\n    ')}
${http}
}
`;

// Arguments that keep it in the foreground.
export const nginxArguments = (directory, file) => ['-p', directory, '-c', file, '-g', 'daemon off;'];
